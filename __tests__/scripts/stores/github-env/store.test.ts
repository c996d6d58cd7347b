import { spawn } from "node:child_process";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { Writable } from "node:stream";
import { Secret } from "../../../../scripts/core/secret";
import type { StoredDocument } from "../../../../scripts/stores/document";
import { openStore } from "../../../../scripts/stores/github-env/store";
import type { Store, StoreContext } from "../../../../scripts/stores/store";
import { parseStoreUri } from "../../../../scripts/stores/uri";
import { findLeaks } from "../../../helpers/leaks";
import type { FileCondition } from "../../../helpers/local-file/conditions";
import { refusedFiles } from "../../../helpers/local-file/refused-files";
import {
  ANOTHER,
  asAnotherUser,
  clearFlag,
  FULL_DISK,
  limitedTo,
  missingSetpriv,
  mounted,
  noFlags,
  noMounts,
  notRoot,
  READ_ONLY,
  setFlag,
  USER,
} from "../../../helpers/local-file/starters";
import { limits, oneClient } from "../../../helpers/one-client";
import { PROGRAM, type ProgramResult } from "../../../helpers/program";
import { keptAttribute, refusedWrite } from "../../../helpers/store-rows";

let envFile: string;
let outputFile: string;
const one = oneClient({ environment: () => limits(1) });

beforeEach(() => {
  [envFile, outputFile] = [one.path("runner/env"), one.path("runner/output")];
  mkdirSync(dirname(envFile));
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

  for (const [attribute, theirs, others] of [
    ["what others wrote", "A=1\nB<<x\ntwo\nlines\nx\n", { A: "1", B: "two\nlines" }],
    ["an unfinished last line of others", "A=1\nB=2", { A: "1", B: "2" }],
  ] as const)
    keptAttribute("github-env", attribute, async () => {
      writeFileSync(envFile, theirs);
      expect(await regenerate("github-env:C")).toMatchObject({ code: 0 });
      expect(readFileSync(envFile, "utf8").startsWith(theirs)).toBe(true);
      expect(parseAsRunner(envFile)).toEqual({ ...others, C: one.sandbox.liveSecret(one.id) });
    });

  keptAttribute("github-env", "the mode of the file", async () => {
    chmodSync(envFile, 0o664);
    const { ino } = statSync(envFile);
    expect(await regenerate("github-env:C")).toMatchObject({ code: 0 });
    expect(statSync(envFile)).toMatchObject({ ino, mode: 0o100664 });
  });

  keptAttribute(
    "github-env",
    "the owner and the group of the file",
    async () => {
      chownSync(envFile, USER, ANOTHER);
      expect(await regenerate("github-env:C")).toMatchObject({ code: 0 });
      expect(statSync(envFile)).toMatchObject({ uid: USER, gid: ANOTHER });
    },
    undefined,
    notRoot,
  );

  for (const [condition, place, environment, words] of [
    ["a place that is no job of GitHub's", "new", {}, "GITHUB_ACTIONS is not set"],
    ["a job that names no file", "new", { GITHUB_ACTIONS: "true" }, "GITHUB_ENV is not set"],
    ["a file that is gone", "new", { GITHUB_ACTIONS: "true", GITHUB_ENV: "/nowhere/env" }, "(ENOENT)"],
    [
      "a folder in place of the file",
      "exists",
      { GITHUB_ACTIONS: "true", GITHUB_ENV: "/tmp" },
      "it is no file",
    ],
    [
      "a run under Terraform",
      "exists",
      { GENESYS_SECRET_UNDER_TERRAFORM: "1" },
      "would not take such a line as a mask",
    ],
  ] as const)
    refusedWrite(
      { store: "github-env", condition, place, exit: words.startsWith("would") ? 2 : 6 },
      async () => {
        const result = await regenerate("github-env:ORDERS_SECRET", environment);
        expect(result).toMatchObject({ stdout: "", stderr: expect.stringContaining(words) });
        expect(one.accepts(one.bornWith)).toBe(true);
        return one.outcome(result);
      },
    );

  test("ends with 2 for a wrong option", async () => {
    expect(await regenerate("github-env:X?to=file")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('to must be "env" or "output"'),
    });
  });

  for (const [where, stdout] of [
    ["into a file", () => openSync(join(one.folder, "stdout"), "w")],
    ["nowhere", () => "ignore" as const],
  ] as const)
    refusedWrite(
      {
        store: "github-env",
        condition: `standard output that goes ${where}, so that no runner would see the mask`,
        place: "exists",
      },
      async () => {
        const child = spawn(
          process.execPath,
          ["--", PROGRAM, "regenerate", "--client-id", one.id, "--store", "github-env:X"],
          {
            env: { PATH: process.env.PATH, ...one.sandbox.environment, ...runner() },
            stdio: ["ignore", stdout(), "pipe"],
          },
        );
        let stderr = "";
        child.stderr?.on("data", (chunk) => {
          stderr += chunk;
        });
        const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
        expect(stderr).toContain("the runner would never see the mask");
        expect(readFileSync(envFile, "utf8")).toBe("");
        return { code, stderr, calls: one.attempted() };
      },
    );

  refusedWrite(
    {
      store: "github-env",
      condition: "a runner that is gone when the mask is printed",
      place: "exists",
      exit: 8,
      calls: 1,
    },
    async () => {
      const { child, result } = one.start(
        ["regenerate", "--client-id", one.id, "--store", "github-env:X"],
        runner(),
      );
      child.stdout?.destroy();
      const outcome = one.outcome(await result);
      expect(outcome.stderr).toContain("the mask could not be printed (EPIPE)");
      expect(readFileSync(envFile, "utf8")).toBe("");
      return outcome;
    },
  );
});

/** What stands in the way of appending to the file, which is not replaced. */
const APPENDING: readonly Omit<FileCondition, "place">[] = [
  {
    condition: "a folder that is a mount for reading only",
    says: ["(EROFS)"],
    cannotBe: noMounts,
    arrange: (file) => mounted(file, READ_ONLY),
  },
  {
    condition: "a full disk",
    says: ["(ENOSPC)"],
    cannotBe: noMounts,
    // The first page of the file is there, and has no room.
    arrange: (file) => {
      writeFileSync(file, `A=${"x".repeat(4093)}\n`);
      return mounted(file, FULL_DISK.exists);
    },
  },
  {
    condition: "a limit on the size of files that only a part fits into (ulimit -f)",
    says: ["(EFBIG)"],
    arrange: (file) => {
      writeFileSync(file, `A=${"x".repeat(1000)}\n`);
      return limitedTo(2);
    },
  },
  {
    condition: "a file that is immutable (chattr +i)",
    says: ["cannot be written"],
    cannotBe: noFlags,
    arrange: (file) => {
      setFlag("i", file);
      return [];
    },
    undo: (file) => clearFlag("i", file),
  },
  {
    condition: "a file that may only be added to by those who say so (chattr +a)",
    says: ["(EPERM)"],
    cannotBe: noFlags,
    arrange: (file) => {
      setFlag("a", file);
      return [];
    },
    undo: (file) => clearFlag("a", file),
  },
  {
    condition: "a file that may be read and not written",
    says: ["(EACCES)"],
    missing: missingSetpriv,
    arrange: (file) => {
      chmodSync(file, 0o444);
      return asAnotherUser(file);
    },
  },
];

refusedFiles(
  "github-env",
  one,
  {
    uri: "github-env:ORDERS_SECRET",
    file: "runner/env",
    text: "A=1\n",
    environment: runner,
  },
  APPENDING.map((each) => ({ ...each, place: "exists" })),
);

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
