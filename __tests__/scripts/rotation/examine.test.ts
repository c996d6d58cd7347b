import { StoreNotReadyError } from "../../../scripts/core/errors";
import { examine } from "../../../scripts/rotation/examine";
import { probe } from "../../../scripts/rotation/login-check";
import { documentOf, down, ModelGenesys, ModelStore, ORDERS, type StoreTraits } from "./world";

const gone = { kind: "no answer", reason: "ECONNREFUSED", neverSent: true, untrusted: false } as const;

let record: string[];
let genesys: ModelGenesys;

beforeEach(() => {
  record = [];
  genesys = new ModelGenesys(record, [ORDERS]);
  genesys.live.set("c1", "s1");
});

const look = (traits: StoreTraits) =>
  examine(new ModelStore("vault:secret/a", record, traits), genesys, 3000);

describe("a stored secret", () => {
  test("that logs in is alive, and the token is revoked", async () => {
    expect(await probe(genesys, documentOf(), 3000)).toEqual({ life: "alive", grant: "CLIENT-CREDENTIALS" });
    expect(record).toEqual(["log in c1 s1 CLIENT-CREDENTIALS 3000", "revoke token-c1"]);
  });

  test("that is refused is dead", async () => {
    genesys.live.set("c1", "another");
    expect(await probe(genesys, documentOf(), 3000)).toEqual({ life: "dead", reason: "invalid_client" });
    expect(record).toHaveLength(1);
  });

  test("of a client that may not log in by itself is tried as a CODE client's", async () => {
    genesys.logins.push({ kind: "refused", reason: "unauthorized_client: no" }, { kind: "accepted" });
    expect(await probe(genesys, documentOf(), 3000)).toEqual({ life: "alive", grant: "CODE" });
    expect(record).toEqual(["log in c1 s1 CLIENT-CREDENTIALS 3000", "log in c1 s1 CODE 3000"]);
  });

  test("that neither way lets in is dead", async () => {
    const refused = { kind: "refused", reason: "unauthorized_client" } as const;
    genesys.logins.push(refused, refused);
    expect(await probe(genesys, documentOf(), 3000)).toEqual({
      life: "dead",
      reason: "the login service refuses it",
    });
  });

  test("cannot be judged when nobody answers", async () => {
    genesys.logins.push({ kind: "unavailable", reply: gone });
    expect(await probe(genesys, documentOf(), 3000)).toEqual({
      life: "unknown",
      reason: "No answer from Genesys Cloud (ECONNREFUSED)",
    });
  });
});

describe("a store", () => {
  test("is readied without leaving anything, read, and released", async () => {
    const document = documentOf();
    const examined = await look({ document });
    expect(examined).toMatchObject({ document, life: { life: "alive" } });
    expect(examined.stagedAlive).toBeUndefined();
    expect(examined.notReady).toBeUndefined();
    expect(record).toEqual([
      "vault:secret/a prepare dry",
      "vault:secret/a read",
      "log in c1 s1 CLIENT-CREDENTIALS 3000",
      "revoke token-c1",
      "vault:secret/a release",
    ]);
  });

  test("that is empty has no life to tell of", async () => {
    expect(await look({})).toMatchObject({ document: undefined, life: undefined });
  });

  test("tells of a staged secret that lives", async () => {
    const staged = documentOf();
    expect((await look({ staged })).stagedAlive).toEqual(staged);
    expect(record).not.toContain("vault:secret/a promote");
  });

  test("says nothing of a staged secret that is dead", async () => {
    genesys.live.set("c1", "another");
    expect((await look({ staged: documentOf() })).stagedAlive).toBeUndefined();
  });

  test("that is not ready says why and what to do, and is released", async () => {
    const examined = await look({
      faults: { prepare: [new StoreNotReadyError("no such mount", "mount it")] },
    });
    expect(examined).toMatchObject({ notReady: "no such mount", remedy: "mount it" });
    expect(record.at(-1)).toBe("vault:secret/a release");
  });

  test("that cannot be read says why", async () => {
    const examined = await look({ faults: { read: [down()] } });
    expect(examined).toMatchObject({ notReady: "it is down" });
    expect(examined.remedy).toBeUndefined();
  });

  test("that has a defect hides none, and is released all the same", async () => {
    await expect(look({ faults: { read: [new TypeError("a defect")] } })).rejects.toThrow(TypeError);
    expect(record.at(-1)).toBe("vault:secret/a release");
  });
});
