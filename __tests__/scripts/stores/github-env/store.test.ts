import { spawn } from "node:child_process";
import { openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { Secret } from "../../../../scripts/core/secret";
import type { StoredDocument } from "../../../../scripts/stores/document";
import { openStore } from "../../../../scripts/stores/github-env/store";
import type { Store, StoreContext } from "../../../../scripts/stores/store";
import { parseStoreUri } from "../../../../scripts/stores/uri";
import { findLeaks } from "../../../helpers/leaks";
import { oneClient } from "../../../helpers/one-client";
import { PROGRAM, type ProgramResult } from "../../../helpers/program";

let envFile: string;
let outputFile: string;
const one = oneClient({ environment: () => ({}) });

beforeEach(() => {
  [envFile, outputFile] = [one.path("env"), one.path("output")];
  for (const file of [envFile, outputFile]) writeFileSync(file, "");
});

const runner = (): Record<string, string> => ({
  GITHUB_ACTIONS: "true",
  GITHUB_ENV: envFile,
  GITHUB_OUTPUT: outputFile,
});

/** What the runner makes of a command file: each heredoc becomes a variable, and any other line is an error. */
function parseAsRunner(file: string): Record<string, string> {
  const lines = readFileSync(file, "utf8").split("\n");
  const variables: Record<string, string> = {};
  for (let at = 0; at < lines.length - 1; at++) {
    const [, name, delimiter] = /^([^=]+?)<<(.+)$/.exec(lines[at] as string) ?? [];
    if (name === undefined) {
      const [, key, value] = /^([^=]+)=(.*)$/.exec(lines[at] as string) ?? [];
      if (key === undefined) throw new Error(`Invalid format '${lines[at]}'`);
      variables[key] = value as string;
      continue;
    }
    const end = lines.indexOf(delimiter as string, at + 1);
    if (end < 0) throw new Error(`Matching delimiter not found '${delimiter}'`);
    variables[name] = lines.slice(at + 1, end).join("\n");
    at = end;
  }
  return variables;
}

describe("a step", () => {
  const regenerate = (uri: string, environment = runner(), ...args: string[]): Promise<ProgramResult> =>
    one.regenerate(uri, environment, ...args);

  test("gets the mask on stdout and nothing else; the secret is in GITHUB_ENV", async () => {
    const result = await regenerate("github-env:ORDERS_SECRET");
    const secret = one.sandbox.liveSecret(one.id);
    expect(result).toMatchObject({ code: 0, stdout: `::add-mask::${secret}\n` });
    expect(findLeaks(result.stderr, [secret])).toEqual([]);
    expect(parseAsRunner(envFile)).toEqual({ ORDERS_SECRET: secret });
    expect(readFileSync(outputFile, "utf8")).toBe("");
  });

  test("gets the secret as an output of the step", async () => {
    expect(await regenerate("github-env:secret?to=output")).toMatchObject({ code: 0 });
    expect(parseAsRunner(outputFile)).toEqual({ secret: one.sandbox.liveSecret(one.id) });
    expect(readFileSync(envFile, "utf8")).toBe("");
  });

  test("a field that is no secret is not masked", async () => {
    expect(await regenerate("github-env:CLIENT?field=client_id")).toMatchObject({ code: 0, stdout: "" });
    expect(parseAsRunner(envFile)).toEqual({ CLIENT: one.id });
  });

  test("the id and the secret go into one file: neither overwrites the other", async () => {
    const result = await regenerate(
      "github-env:ID?field=client_id",
      runner(),
      "--store",
      "github-env:SECRET",
    );
    expect(result).toMatchObject({ code: 0 });
    expect(parseAsRunner(envFile)).toEqual({ ID: one.id, SECRET: one.sandbox.liveSecret(one.id) });
  });

  test("what others wrote stays, an unfinished last line included", async () => {
    writeFileSync(envFile, "A=1\nB=2");
    expect(await regenerate("github-env:C")).toMatchObject({ code: 0 });
    expect(parseAsRunner(envFile)).toEqual({ A: "1", B: "2", C: one.sandbox.liveSecret(one.id) });
  });

  test.each([
    ["ends with 6 outside of a GitHub job", 6, {}, "GITHUB_ACTIONS is not set"],
    ["ends with 6 when no file is named", 6, { GITHUB_ACTIONS: "true" }, "GITHUB_ENV is not set"],
    [
      "ends with 6 for a file that is gone",
      6,
      { GITHUB_ACTIONS: "true", GITHUB_ENV: "/nowhere/env" },
      "(ENOENT)",
    ],
    ["ends with 6 for a folder", 6, { GITHUB_ACTIONS: "true", GITHUB_ENV: "/tmp" }, "it is no file"],
    [
      "ends with 2 under Terraform",
      2,
      { GENESYS_SECRET_UNDER_TERRAFORM: "1" },
      "would not take such a line as a mask",
    ],
  ])("that regenerates %s", async (_title, code, environment: Record<string, string>, message) => {
    const result = await regenerate("github-env:ORDERS_SECRET", environment);
    expect(result).toMatchObject({ code, stdout: "", stderr: expect.stringContaining(message) });
    expect(one.attempted()).toBe(0);
  });

  test("ends with 2 for a wrong option", async () => {
    expect(await regenerate("github-env:X?to=file")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('to must be "env" or "output"'),
    });
  });

  test.each(["a file", "nowhere"])(
    "ends with 6 when standard output goes into %s, so that no runner would see the mask",
    async (where) => {
      const stdout = where === "a file" ? openSync(join(one.folder, "stdout"), "w") : "ignore";
      const child = spawn(
        process.execPath,
        ["--", PROGRAM, "regenerate", "--client-id", one.id, "--store", "github-env:X"],
        {
          env: { PATH: process.env.PATH, ...one.sandbox.environment, ...runner() },
          stdio: ["ignore", stdout, "ignore"],
        },
      );
      const code = await new Promise((resolve) => child.on("close", resolve));
      expect(code).toBe(6);
      expect(one.attempted()).toBe(0);
      expect(readFileSync(envFile, "utf8")).toBe("");
    },
  );
});

describe("writing", () => {
  const document = (secret: string): StoredDocument => ({
    clientId: "id",
    clientSecret: new Secret(secret),
    region: "us-east-1",
    regeneratedAt: "",
    rotation: null,
    stores: [],
  });

  function open(print: (text: string) => void, fails = false): Store {
    const stdout = new Writable({
      write: (chunk, _encoding, done) => {
        print(String(chunk));
        done(fails ? Object.assign(new Error(), { code: "EPIPE" }) : undefined);
      },
    });
    stdout.on("error", () => {});
    const context = { environment: runner(), stdout } as unknown as StoreContext;
    return openStore(parseStoreUri("github-env:NAME"), context);
  }

  test("the mask is out before the file is touched", async () => {
    const seen: string[] = [];
    const store = open((text) => seen.push(text, readFileSync(envFile, "utf8")));
    await store.prepare(false);
    await store.write(document("a-secret"));
    expect(seen).toEqual(["::add-mask::a-secret\n", ""]);
  });

  test("writes no file when there is no mask", async () => {
    const store = open(() => {}, true);
    await expect(store.write(document("a-secret"))).rejects.toThrow("the mask could not be printed (EPIPE)");
    expect(readFileSync(envFile, "utf8")).toBe("");
  });

  test("percent signs and line breaks are escaped in the mask", async () => {
    const seen: string[] = [];
    await open((text) => seen.push(text)).write(document("50%25\r\n::stop-commands::x"));
    expect(seen).toEqual(["::add-mask::50%2525%0D%0A::stop-commands::x\n"]);
  });

  test.each(["EOF\nPATH=/evil", "genesys_secret_\nPATH=/evil", "NAME<<x\ny\nx\nPATH=/evil"])(
    "the value %j cannot set another variable",
    async (value) => {
      const store = open(() => {});
      await store.write(document(value));
      await store.write(document(value));
      expect(parseAsRunner(envFile)).toEqual({ NAME: value });
      const delimiters = readFileSync(envFile, "utf8").match(/(?<=^NAME<<)genesys_secret_.*$/gm);
      expect(new Set(delimiters).size).toBe(2);
    },
  );

  test("a file that cannot be written is named by its variable", async () => {
    const store = open(() => {});
    rmSync(envFile);
    await expect(store.write(document("a-secret"))).rejects.toThrow(
      "the file of GITHUB_ENV cannot be written (ENOENT)",
    );
  });
});

test.each([
  ["1NAME", "not start with a digit"],
  ["A-B", "letters, digits and underscores"],
  ["GITHUB_TOKEN", "GITHUB_TOKEN belongs to GitHub's runner"],
  ["NODE_OPTIONS", "NODE_OPTIONS belongs to GitHub's runner"],
  ["X?mask=false", "known are to, field"],
])("github-env:%s is refused", (body, reason) => {
  expect(() => parseStoreUri(`github-env:${body}`)).toThrow(reason);
});
