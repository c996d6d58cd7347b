import { type Outcome, refusedWrite } from "../../../helpers/store-rows";
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

/** Refused with 6 for this reason: the old secret logs in, and there is no version more than before. */
async function refused(reason: string, environment: Record<string, string> = {}): Promise<Outcome> {
  const versions = rotation.store.mount.versions(ENTRY);
  const result = await rotation.regenerate(environment);
  rotation.expectRefused(result, reason);
  expect(stillLogsIn()).toBe(true);
  expect(rotation.store.mount.versions(ENTRY)).toBe(versions);
  return rotation.outcome(result);
}

/** Every write is answered with this, whatever it holds. */
function answerWrites(answer: Answer | "cut"): void {
  rotation.store.vault.interfere = (request) => (isWrite(request) ? { answer } : undefined);
}

const PLACES = [
  ["an entry that is new", "new", "", () => {}],
  ["an entry that is there", "exists", "", () => rotation.store.seedOtherFields()],
  [
    "an entry that is deleted",
    "exists",
    "; the newest version deleted",
    () => {
      rotation.store.seedOtherFields();
      rotation.store.mount.serve("DELETE", `data/${ENTRY}`, undefined);
    },
  ],
] as const;

const ANSWERS: readonly (readonly [string, Answer, string])[] = [
  [
    "writes answered 403",
    failed(403, "1 error occurred:\n\t* permission denied\n\n"),
    `is not allowed to write ${DATA_PATH}`,
  ],
  ["writes answered 404", failed(404), `there is no ${DATA_PATH} to write to any more (404)`],
  ["writes answered 405", failed(405, "unsupported operation"), "was answered 405"],
  ["writes answered 413", failed(413), "too large for the server (413)"],
  [
    "writes answered 400 for another reason than the version",
    failed(400, "check-and-set parameter required for this call"),
    "answered 400",
  ],
  ["writes answered 200 without a version", { status: 200, body: {} }, "an answer that cannot be used"],
  [
    "a server that does not keep versions apart",
    envelope({ data: { version: 1 } }),
    "does not keep versions apart",
  ],
];

for (const [title, place, besides, seed] of PLACES)
  describe(title, () => {
    const row = (condition: string) => ({ store: "vault", condition: condition + besides, place }) as const;

    refusedWrite(row("a control group: writes wait until somebody approves of them"), async () => {
      seed();
      rotation.store.vault.controlled.add(DATA_PATH);
      return refused("waits until somebody approves of it");
    });

    for (const [condition, answer, reason] of ANSWERS)
      refusedWrite(row(condition), async () => {
        seed();
        answerWrites(answer);
        return refused(reason);
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

    refusedWrite(
      { ...row("a control group that is set up after the rehearsal"), exit: 8, calls: 1 },
      async () => {
        seed();
        const before = rotation.store.readSecret();
        let isFirst = true;
        rotation.onRegenerate(() => {
          if (isFirst) rotation.store.vault.controlled.add(DATA_PATH);
          isFirst = false;
        });
        const result = await rotation.regenerate({ GENESYS_SECRET_RETRY_TIMEOUT: "1" });
        expect(result.stderr).toContain("waits until somebody approves of it, so nothing is stored");
        expect(rotation.store.readSecret()).toBe(before);
        const outcome = rotation.outcome(result);
        rotation.store.vault.controlled.clear();
        rotation.expectStored(await rotation.regenerate());
        return outcome;
      },
    );

    refusedWrite(
      row("versions that the mount deletes after a time, which alone the token may see"),
      async () => {
        seed();
        rotation.store.mount.deleteVersionAfter = "720h0m0s";
        const mayLook = { ...POLICY, "secret/config": ["read"] };
        const { id } = rotation.store.vault.tokens.issue({ rules: mayLook });
        return refused("delete each version 720h0m0s after", { VAULT_TOKEN: id });
      },
    );

    refusedWrite(row("a token with one use less than a run needs"), async () => {
      seed();
      const { id } = rotation.store.vault.tokens.issue({ rules: POLICY, uses: 11 });
      return refused("the token has 10 uses left, and a run needs 11", { VAULT_TOKEN: id });
    });

    refusedWrite(row("a token that expires before a run may be over"), async () => {
      seed();
      const { id } = rotation.store.vault.tokens.issue({ rules: POLICY, ttl: 60 });
      return refused("and a run may take 180 s", { VAULT_TOKEN: id });
    });
  });

// Waited out as long as a run may wait.
for (const [condition, answer, reason] of [
  [
    "writes answered 503 for good, as by a server that is sealed",
    failed(503, "Vault is sealed"),
    "it answered 503",
  ],
  ["writes that never get an answer", "cut", "it cannot be reached"],
] as const)
  refusedWrite({ store: "vault", condition, place: "new" }, async () => {
    answerWrites(answer);
    const outcome = await refused(reason);
    expect(outcome.stderr).toContain("trying again");
    return outcome;
  });

test("a 429 to a rehearsal is waited out", async () => {
  let times = 2;
  rotation.store.vault.interfere = (request) =>
    isWrite(request) && times-- > 0 ? { answer: failed(429) } : undefined;
  rotation.expectStored(await rotation.regenerate());
});

test("a write that is kept back, approved of and done all the same is recognized as our own", async () => {
  let times = 0;
  rotation.store.vault.interfere = (request) =>
    isWrite(request) && times++ === 1 ? { answer: keptBack(), after: true } : undefined;
  rotation.expectStored(await rotation.regenerate());
  expect(rotation.store.mount.versions(ENTRY)).toBe(1);
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
});
