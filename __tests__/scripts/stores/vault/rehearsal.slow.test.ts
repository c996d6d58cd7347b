import { type Answer, envelope, failed, keptBack } from "../../../helpers/vault/answer";
import { DATA_PATH, ENTRY, POLICY } from "../../../helpers/vault/fixture";
import { VaultRotation } from "../../../helpers/vault/rotation";
import type { VaultRequest } from "../../../helpers/vault/vault-server";

let rotation: VaultRotation;

beforeEach(async () => {
  rotation = await VaultRotation.start();
});

afterEach(() => rotation.close());

const isWrite = ({ method, path }: VaultRequest): boolean => method === "POST" && path === DATA_PATH;
const stillLogsIn = (): boolean => rotation.sandbox.accepts(rotation.client.id, rotation.client.secret);

describe.each([
  ["new", () => {}],
  ["there", () => rotation.store.seedOtherFields()],
  [
    "deleted",
    () => {
      rotation.store.seedOtherFields();
      rotation.store.mount.serve("DELETE", `data/${ENTRY}`, undefined);
    },
  ],
])("an entry that is %s", (_title, seed) => {
  test("in a control group (V20): exit 6, no call, nothing stored", async () => {
    seed();
    const versions = rotation.store.mount.versions(ENTRY);
    rotation.store.vault.controlled.add(DATA_PATH);
    rotation.expectRefused(await rotation.regenerate(), "waits until somebody approves of it");
    expect(stillLogsIn()).toBe(true);
    expect(rotation.store.mount.versions(ENTRY)).toBe(versions);
  });

  test.each<[string, Answer | "cut", string]>([
    [
      "403",
      failed(403, "1 error occurred:\n\t* permission denied\n\n"),
      `is not allowed to write ${DATA_PATH}`,
    ],
    ["404", failed(404), `there is no ${DATA_PATH} to write to any more (404)`],
    ["405", failed(405, "unsupported operation"), "was answered 405"],
    ["413", failed(413), "too large for the server (413)"],
    ["400 for another reason", failed(400, "check-and-set parameter required for this call"), "answered 400"],
    ["200 without a version", { status: 200, body: {} }, "an answer that cannot be used"],
    ["200 as if it were written", envelope({ data: { version: 1 } }), "does not keep versions apart"],
  ])("a rehearsal that is answered %s: exit 6, no call", async (_title, answer, reason) => {
    seed();
    rotation.store.vault.interfere = (request) => (isWrite(request) ? { answer } : undefined);
    rotation.expectRefused(await rotation.regenerate(), reason);
    expect(stillLogsIn()).toBe(true);
  });

  test("the rehearsal leaves what readers see, and is made once", async () => {
    seed();
    const before = JSON.stringify(rotation.store.mount.latest(ENTRY));
    let seen: string | undefined;
    rotation.onRegenerate(() => {
      seen = JSON.stringify(rotation.store.mount.latest(ENTRY));
    });
    rotation.expectStored(await rotation.regenerate());
    expect(seen).toBe(before);
    expect(rotation.store.vault.requests.filter(isWrite)).toHaveLength(2);
  });
});

test.each<[string, Answer | "cut", string]>([
  ["503", failed(503, "Vault is sealed"), "it answered 503"],
  ["no answer", "cut", "it cannot be reached"],
])("a rehearsal that goes on being answered with %s: exit 6, no call", async (_title, answer, reason) => {
  rotation.store.vault.interfere = (request) => (isWrite(request) ? { answer } : undefined);
  const result = await rotation.regenerate();
  rotation.expectRefused(result, reason);
  expect(result.stderr).toContain("trying again");
  expect(stillLogsIn()).toBe(true);
});

test("a 429 to a rehearsal is waited out", async () => {
  let times = 2;
  rotation.store.vault.interfere = (request) =>
    isWrite(request) && times-- > 0 ? { answer: failed(429) } : undefined;
  rotation.expectStored(await rotation.regenerate());
});

test("a write that is kept back after the call does not count as stored: exit 8", async () => {
  let isFirst = true;
  rotation.onRegenerate(() => {
    if (isFirst) rotation.store.vault.controlled.add(DATA_PATH);
    isFirst = false;
  });
  const result = await rotation.regenerate({ GENESYS_SECRET_RETRY_TIMEOUT: "1" });
  expect(result).toMatchObject({
    code: 8,
    stderr: expect.stringContaining("waits until somebody approves of it, so nothing is stored"),
  });
  expect(rotation.store.readSecret()).toBeUndefined();
  rotation.store.vault.controlled.clear();
  rotation.expectStored(await rotation.regenerate());
});

test("a write that is kept back, approved of and done all the same is recognized as our own", async () => {
  let times = 0;
  rotation.store.vault.interfere = (request) =>
    isWrite(request) && times++ === 1 ? { answer: keptBack(), after: true } : undefined;
  rotation.expectStored(await rotation.regenerate());
  expect(rotation.store.mount.versions(ENTRY)).toBe(1);
});

test("a mount whose versions expire is refused with 6 before the call (V16)", async () => {
  rotation.store.mount.deleteVersionAfter = "720h0m0s";
  const mayLook = { ...POLICY, "secret/config": ["read"] };
  const { id } = rotation.store.vault.tokens.issue({ rules: mayLook });
  rotation.expectRefused(
    await rotation.regenerate({ VAULT_TOKEN: id }),
    "delete each version 720h0m0s after",
  );
  expect(stillLogsIn()).toBe(true);
});

describe("uses of the token", () => {
  const ids = { VAULT_ROLE_ID: "orders-role", VAULT_SECRET_ID: "the-secret-id-of-the-approle" };
  const withUses = async (uses: number): Promise<void> => {
    await rotation.close();
    const credentials = { role_id: ids.VAULT_ROLE_ID, secret_id: ids.VAULT_SECRET_ID };
    rotation = await VaultRotation.start({ type: "approle", credentials, rules: POLICY, uses });
    rotation.credentials.push(ids.VAULT_SECRET_ID);
  };

  test("just enough last for a run with a conflict, and to revoke the token", async () => {
    await withUses(12);
    rotation.onRegenerate(() => rotation.store.seedOtherFields());
    const result = await rotation.regenerate(ids);
    rotation.expectStored(result);
    expect(result.stderr).not.toContain("could not be revoked");
    expect(rotation.store.keptOtherFields()).toBe(true);
    const afterLookUp =
      rotation.store.vault.requests.findIndex(({ path }) => path.endsWith("lookup-self")) + 1;
    expect(rotation.store.vault.requests.slice(afterLookUp)).toHaveLength(11);
  });

  test("one fewer ends with 6 before the call", async () => {
    await withUses(11);
    rotation.expectRefused(await rotation.regenerate(ids), "the token has 10 uses left, and a run needs 11");
    expect(stillLogsIn()).toBe(true);
  });
});
