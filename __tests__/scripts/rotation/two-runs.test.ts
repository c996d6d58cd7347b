import { regenerateElsewhere } from "../../helpers/later-run";
import { files, oneClient } from "../../helpers/one-client";
import type { ProgramResult } from "../../helpers/program";

const one = oneClient({ environment: () => ({ GENESYS_SECRET_VERIFY_TIMEOUT: "1" }) });

const rotate = (stores: readonly string[], ...args: string[]): Promise<ProgramResult> =>
  one.run(["regenerate", "--client-id", one.id, ...files(...stores), ...args]);

test("two runs that name their stores in opposite order do not block each other", async () => {
  // Each has signed in before either takes a lock.
  let waiting = 0;
  let go: () => void = () => {};
  const both = new Promise<void>((resolve) => {
    go = resolve;
  });
  one.sandbox.onRequest(({ path }) => {
    if (!path.startsWith("/api/v2/oauth/clients/") || path.endsWith("/secret")) return undefined;
    waiting += 1;
    if (waiting === 2) go();
    return both;
  });
  const results = await Promise.all([rotate(["one.json", "other.json"]), rotate(["other.json", "one.json"])]);
  expect(results.map(({ code }) => code)).toEqual([0, 0]);
  expect([one.storeIsValid("one.json"), one.storeIsValid("other.json")]).toEqual([true, true]);
});

test("a copy whose secret becomes invalid meanwhile ends with 6, changes nothing, and says so", async () => {
  expect((await rotate(["one.json"], "--rotation", "1")).code).toBe(0);
  let logins = 0;
  one.sandbox.onRequest(async ({ path, clientId }) => {
    // It is tried before it is copied; what dies after that shows when it is read back.
    if (path !== "/oauth/token" || clientId !== one.id) return;
    logins += 1;
    if (logins === 2) await regenerateElsewhere(one.sandbox, one.id);
  });
  expect(await rotate(["one.json", "other.json"], "--rotation", "1")).toMatchObject({
    code: 6,
    stderr: expect.stringContaining("Secret:    not changed"),
  });
});
