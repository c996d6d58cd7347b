import { existsSync, writeFileSync } from "node:fs";
import { destroyClient } from "../../helpers/destroy-client";
import { describeUnlessMissing } from "../../helpers/engines";
import { findLeaks } from "../../helpers/leaks";
import { files, oneClient } from "../../helpers/one-client";
import { missingPython, onTerminal } from "../../helpers/terminal";

const one = oneClient();
const remove = (...more: string[]) => one.run(["remove", "--client-id", one.id, ...files("a.json"), ...more]);
/** No admin is needed, and none is there. */
const NO_ADMIN = { GENESYSCLOUD_OAUTHCLIENT_ID: "", GENESYSCLOUD_OAUTHCLIENT_SECRET: "" };
const isThere = (): boolean => existsSync(one.path("a.json"));

/** Makes what the store holds invalid: a later rotation puts the new secret elsewhere. */
async function invalidate(): Promise<void> {
  await one.storeIn("b.json");
}

describe("remove, outside Terraform,", () => {
  beforeEach(() => one.storeIn("a.json"));

  test("leaves a secret that is valid, and says so; with --yes it goes", async () => {
    const result = await remove();
    expect(result).toMatchObject({ code: 6, stderr: expect.stringContaining("ERR_SECRET_IN_USE") });
    expect(result.stderr).toContain("file:./a.json holds a secret that is valid");
    expect(isThere()).toBe(true);
    expect(one.storeIsValid("a.json")).toBe(true);
    expect(await remove("--yes")).toMatchObject({ code: 0 });
    expect(isThere()).toBe(false);
  });

  test("takes the file away when the secret is invalid, with no admin", async () => {
    await invalidate();
    const argv = ["remove", "--client-id", one.id, ...files("a.json")];
    expect(await one.run(argv, NO_ADMIN)).toMatchObject({ code: 0 });
    expect(isThere()).toBe(false);
  });

  test("takes it away when the client is gone", async () => {
    await destroyClient(one.sandbox, one.id);
    expect(await remove()).toMatchObject({ code: 0 });
    expect(isThere()).toBe(false);
  });

  test("leaves it when the login service is out of reach", async () => {
    one.sandbox.fault({ path: "/oauth/token", status: 503, times: Number.POSITIVE_INFINITY });
    const result = await remove();
    expect(result).toMatchObject({ code: 6, stderr: expect.stringContaining("it is unknown whether") });
    expect(isThere()).toBe(true);
  });

  test("leaves all stores when one of them holds a valid secret", async () => {
    await invalidate();
    const argv = ["remove", "--client-id", one.id, ...files("a.json", "b.json")];
    expect(await one.run(argv)).toMatchObject({ code: 6 });
    expect([isThere(), existsSync(one.path("b.json"))]).toEqual([true, true]);
  });

  test("with --dry-run says what would be removed, and what would be refused, and removes nothing", async () => {
    expect(await remove("--dry-run")).toMatchObject({ code: 6 });
    expect(await remove("--dry-run", "--yes")).toMatchObject({ code: 0 });
    await invalidate();
    const result = await remove("--dry-run");
    expect(result).toMatchObject({ code: 0, stderr: expect.stringContaining("which was not removed") });
    expect(isThere()).toBe(true);
  });

  test("with --json prints one document, for a refusal and a usage error, too", async () => {
    const refused = await remove("--json");
    expect(JSON.parse(refused.stdout)).toEqual({
      command: "remove",
      stores: [{ uri: "file:./a.json", outcome: "would remove", secret: "valid", reason: null }],
      error: expect.objectContaining({ code: "ERR_SECRET_IN_USE", exit: 6 }),
    });
    const removed = await remove("--json", "--yes");
    expect(JSON.parse(removed.stdout)).toMatchObject({ stores: [{ outcome: "removed" }], error: null });
    const wrong = await one.run(["remove", "--json", ...files("a.json")]);
    expect(wrong.code).toBe(2);
    expect(JSON.parse(wrong.stdout)).toMatchObject({ stores: [], error: { code: "ERR_USAGE" } });
  });

  test("goes on with the other stores when one cannot be read, and ends with 6", async () => {
    await invalidate();
    writeFileSync(one.path("broken.json"), "not JSON");
    const argv = ["remove", "--client-id", one.id, ...files("broken.json", "a.json")];
    const result = await one.run(argv);
    expect(result).toMatchObject({ code: 6, stderr: expect.stringContaining("ERR_NOT_REMOVED") });
    expect(isThere()).toBe(false);
  });
});

test("remove, under Terraform, asks nobody: the client and its secret are destroyed next", async () => {
  await one.storeIn("a.json");
  const before = one.sandbox.journal.length;
  const argv = ["remove", "--client-id", one.id, ...files("a.json")];
  expect(await one.run(argv, { GENESYS_SECRET_UNDER_TERRAFORM: "1" })).toMatchObject({ code: 0 });
  expect(isThere()).toBe(false);
  expect(one.sandbox.journal).toHaveLength(before);
});

describeUnlessMissing(missingPython(), "remove, on a terminal,", () => {
  const answered = async (answer: string) => {
    const argv = ["remove", "--client-id", one.id, ...files("a.json")];
    const result = await onTerminal(argv, { asked: "[y/N]", answer, cwd: one.folder, env: one.environment });
    expect(findLeaks(result.shown, one.secrets)).toEqual([]);
    return result;
  };

  test.each([
    ["y", 0, false],
    ["n", 6, true],
    ["", 6, true],
  ])("asks whether a valid secret may go: %j ends with %d", async (answer, code, there) => {
    await one.storeIn("a.json");
    const result = await answered(answer);
    expect(result.shown).toContain("Remove it all the same?");
    expect({ code: result.code, there: isThere() }).toEqual({ code, there });
  });
});
