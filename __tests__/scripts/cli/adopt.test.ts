import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describeUnlessMissing } from "../../helpers/engines";
import { findLeaks } from "../../helpers/leaks";
import { files, oneClient } from "../../helpers/one-client";
import { PROGRAM } from "../../helpers/program";
import { missingPython, onTerminal } from "../../helpers/terminal";

const one = oneClient();
/** No admin is needed, and none is there. */
const NO_ADMIN = { GENESYSCLOUD_OAUTHCLIENT_ID: "", GENESYSCLOUD_OAUTHCLIENT_SECRET: "" };

/** Runs `adopt` with something on its standard input; what it prints holds no secret. */
async function adopt(input: string, args: readonly string[] = [], environment: Record<string, string> = {}) {
  const target = args.includes("--store") ? args : [...files("orders.json"), ...args];
  const argv = ["adopt", "--client-id", one.id, ...target];
  const child = spawn(process.execPath, ["--", PROGRAM, ...argv], {
    cwd: one.folder,
    env: { PATH: process.env.PATH, ...one.environment, ...NO_ADMIN, ...environment },
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (part) => {
    stdout += part;
  });
  child.stderr.on("data", (part) => {
    stderr += part;
  });
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  const typed = input.trim().length >= 8 ? [input.trim()] : [];
  expect(findLeaks(stdout + stderr, [...one.secrets, ...typed])).toEqual([]);
  return { code, stdout, stderr };
}

const isThere = (): boolean => existsSync(one.path("orders.json"));

describe("adopt", () => {
  test("stores a secret that is in use, in every store, and changes nothing; no admin is needed", async () => {
    const result = await adopt(`${one.bornWith}\n`, files("orders.json", "copy.json"));
    expect(result).toMatchObject({ code: 0, stdout: "" });
    expect(result.stderr).toContain("is stored; it was not changed");
    expect(result.stderr).toContain("The first rotation that a stack asks for counts as done.");
    for (const name of ["orders.json", "copy.json"]) {
      expect(one.document(name)).toMatchObject({
        client_id: one.id,
        client_secret: one.bornWith,
        region: "us-east-1",
        rotation: "adopted",
        stores: ["file:./orders.json", "file:./copy.json"],
      });
    }
    expect(one.accepts(one.bornWith)).toBe(true);
    expect(one.attempted()).toBe(0);
    expect(one.sandbox.journal.every(({ clientId }) => clientId === one.id)).toBe(true);
  });

  test("leaves the secret in no other file", async () => {
    expect(await adopt(one.bornWith)).toMatchObject({ code: 0 });
    const others = readdirSync(one.folder).filter((name) => name !== "orders.json");
    for (const name of others)
      expect(findLeaks(readFileSync(one.path(name), "utf8"), [one.bornWith])).toEqual([]);
  });

  test("of a CODE client is proven by the same login", async () => {
    const { id, secret } = one.sandbox.addClient({ name: "pages", grant: "CODE" });
    expect(await adopt(secret, ["--client-id", id])).toMatchObject({ code: 0 });
    expect(one.document("orders.json")).toMatchObject({ client_id: id, client_secret: secret });
    const wrong = await adopt("a-secret-of-nobody-at-all", ["--client-id", id, ...files("b.json")]);
    expect(wrong.code).toBe(5);
  });

  test("of a wrong secret ends with 5, and stores nothing", async () => {
    const result = await adopt("a-secret-of-nobody-at-all");
    expect(result).toMatchObject({ code: 5, stderr: expect.stringContaining("ERR_NOT_ADOPTED") });
    expect(isThere()).toBe(false);
  });

  test("without an answer of the login service ends with 7, and stores nothing", async () => {
    one.sandbox.fault({ path: "/oauth/token", status: 503, times: Number.POSITIVE_INFINITY });
    const result = await adopt(one.bornWith);
    expect(result).toMatchObject({ code: 7, stderr: expect.stringContaining("ERR_NOT_PROVEN") });
    expect(isThere()).toBe(false);
  });

  test("on a machine that is denied ends with 7; --verify elsewhere stores it unproven, and tries no login", async () => {
    const denial = { path: "/oauth/token", status: 400, body: { error: "access_denied" } };
    one.sandbox.fault({ ...denial, times: Number.POSITIVE_INFINITY });
    expect(await adopt(one.bornWith)).toMatchObject({ code: 7 });
    expect(isThere()).toBe(false);
    const before = one.sandbox.journal.length;
    const result = await adopt(one.bornWith, ["--verify", "elsewhere", "--json"]);
    expect(result.code).toBe(0);
    expect(JSON.parse(result.stdout)).toMatchObject({ outcome: "adopted", verified: false, error: null });
    expect(one.stored()).toBe(one.bornWith);
    expect(one.sandbox.journal).toHaveLength(before);
  });

  test("unproven, does not replace another secret of the client", async () => {
    await one.storeIn("orders.json");
    const before = one.stored();
    const result = await adopt("a-secret-of-nobody-at-all", ["--verify", "elsewhere"]);
    expect(result).toMatchObject({ code: 6, stderr: expect.stringContaining("nothing proves which") });
    expect(one.stored()).toBe(before);
  });

  test.each([
    ["nothing", "", "There is no secret on standard input"],
    ["a blank line", "\n", "There is no secret on standard input"],
    ["two lines", "first-secret\nsecond-secret\n", "is no secret: one line"],
    ["a file by mistake", "x".repeat(100_000), "There is more than a secret"],
  ])("of %s ends with 2, says no word of it, and asks nobody", async (_, input, message) => {
    const result = await adopt(input);
    expect(result).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
    expect(one.sandbox.journal).toEqual([]);
    expect(isThere()).toBe(false);
  });

  test("into stdout: ends with 2, and a usage error is JSON, too", async () => {
    const printing = await adopt(one.bornWith, ["--store", "stdout:"]);
    expect(printing).toMatchObject({ code: 2, stdout: "" });
    const { code, stdout } = await adopt("", ["--json"]);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: "failed", error: { code: "ERR_USAGE" } });
  });

  test("leaves the valid secret of another client, unless --take-over names it", async () => {
    const other = one.sandbox.addClient({ name: "billing" });
    const held = { client_id: other.id, client_secret: other.secret, region: "us-east-1" };
    one.put("orders.json", JSON.stringify(held));
    const result = await adopt(one.bornWith);
    expect(result).toMatchObject({ code: 6, stderr: expect.stringContaining("ERR_STORE_FOREIGN") });
    expect(one.stored()).toBe(other.secret);
    expect(await adopt(one.bornWith, ["--take-over", other.id])).toMatchObject({ code: 0 });
    expect(one.stored()).toBe(one.bornWith);
  });

  test("of a secret that a store has of a rotation keeps that rotation: the next one is not spared", async () => {
    await one.storeIn("orders.json");
    expect(await adopt(one.stored(), files("orders.json", "copy.json"))).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("its rotation stays noted, and the next one is not spared"),
    });
    expect(one.document("copy.json").rotation).toBe("1");
  });

  test("into stores alone that cannot be read says that the first rotation makes a new secret", async () => {
    const store = `command:${JSON.stringify([process.execPath, "-e", "process.stdin.resume()"])}`;
    expect(await adopt(one.bornWith, ["--store", store])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("None of the stores can be read: the first rotation"),
    });
  });
});

describe("an adopted secret", () => {
  const regenerate = (rotation: string) =>
    one.run(["regenerate", "--client-id", one.id, "--rotation", rotation, ...files("orders.json")]);

  test("counts for the first rotation that is asked for, whatever it is, and for no other", async () => {
    expect(await adopt(one.bornWith)).toMatchObject({ code: 0 });
    const first = await regenerate("version:7");
    expect(first).toMatchObject({ code: 0, stderr: expect.stringContaining("the secret was adopted") });
    expect(one.document("orders.json")).toMatchObject({
      client_secret: one.bornWith,
      rotation: "version:7",
    });
    expect(one.attempted()).toBe(0);
    expect(await regenerate("version:8")).toMatchObject({ code: 0 });
    expect(one.attempted()).toBe(1);
    expect(one.accepts(one.bornWith)).toBe(false);
  });

  test("is nothing for doctor to make up for", async () => {
    expect(await adopt(one.bornWith)).toMatchObject({ code: 0 });
    const asked = ["--rotation", "version:7", "--client-id", one.id, ...files("orders.json")];
    expect(await one.run(["doctor", ...asked])).toMatchObject({ code: 0 });
  });

  test('has an id that no rotation may have: "--rotation adopted" ends with 2', async () => {
    expect(await regenerate("adopted")).toMatchObject({ code: 2 });
  });
});

describeUnlessMissing(missingPython(), "adopt, on a terminal,", () => {
  test("asks for the secret, and does not show it", async () => {
    const argv = ["adopt", "--client-id", one.id, ...files("orders.json")];
    const env = { ...one.environment, ...NO_ADMIN };
    const asked = "(it is not shown): ";
    const result = await onTerminal(argv, { asked, answer: one.bornWith, cwd: one.folder, env });
    expect(result.code).toBe(0);
    expect(result.shown).toContain("Secret of the client");
    expect(findLeaks(result.shown, one.secrets)).toEqual([]);
    expect(one.stored()).toBe(one.bornWith);
  });

  test("understands the keys for erasing and for giving up", async () => {
    const argv = ["adopt", "--client-id", one.id, ...files("orders.json")];
    const dialogue = { asked: "(it is not shown): ", cwd: one.folder, env: one.environment };
    const given = await onTerminal(argv, { ...dialogue, answer: "\u0003" });
    expect(given.code).toBe(130);
    expect(isThere()).toBe(false);
    const erased = await onTerminal(argv, { ...dialogue, answer: `${one.bornWith}xy\u007f\u007f` });
    expect(erased.code).toBe(0);
    expect(one.stored()).toBe(one.bornWith);
  });
});
