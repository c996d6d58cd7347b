import { StoreNotReadyError } from "../../../scripts/core/errors";
import { examine } from "../../../scripts/rotation/examine";
import { STAND_IN } from "../../../scripts/rotation/rehearsal";
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

describe("what a store holds", () => {
  test("is valid when it logs in, and the token is revoked", async () => {
    expect((await look({ document: documentOf() })).login).toEqual({ secret: "valid" });
    expect(record).toContain("log in c1 s1 - 3000");
    expect(record).toContain("revoke token-c1");
  });

  test("is invalid when it is refused, and is tried once", async () => {
    genesys.live.set("c1", "another");
    const { login } = await look({ document: documentOf() });
    expect(login).toEqual({ secret: "invalid", reason: "invalid_client" });
    expect(record.filter((line) => line.startsWith("log in"))).toHaveLength(1);
  });

  test("is unknown when this machine is denied, or nobody answers", async () => {
    const reply = { kind: "answer", status: 403, headers: {}, body: undefined } as const;
    genesys.logins.push(
      { kind: "denied", reason: "access_denied", reply },
      { kind: "unavailable", reply: gone },
    );
    expect((await look({ document: documentOf() })).login).toEqual({
      secret: "unknown",
      because: "denied",
      reason: "access_denied",
    });
    expect((await look({ document: documentOf() })).login).toEqual({
      secret: "unknown",
      because: "out of reach",
      reason: "No answer from Genesys Cloud (ECONNREFUSED)",
    });
  });
});

describe("a store", () => {
  test("is readied without leaving anything, read, and released", async () => {
    const document = documentOf();
    const examined = await look({ document });
    expect(examined).toMatchObject({ document, login: { secret: "valid" } });
    expect(examined.stagedValid).toBeUndefined();
    expect(examined.notReady).toBeUndefined();
    expect(record).toEqual([
      "vault:secret/a prepare dry",
      "vault:secret/a read",
      "log in c1 s1 - 3000",
      "revoke token-c1",
      "vault:secret/a release",
    ]);
  });

  test("is rehearsed when that is asked for, with what it holds or with every field that a run writes", async () => {
    const [full, empty] = [documentOf({ owner: "stack/orders" }), undefined].map(
      (document) => new ModelStore("vault:secret/a", record, { document }),
    );
    for (const store of [full, empty])
      expect(await examine(store as ModelStore, genesys, 3000, true)).toMatchObject({ notTried: undefined });
    expect(full?.rehearsed).toEqual({ ...full?.document, clientSecret: STAND_IN });
    expect(empty?.rehearsed).toEqual({
      clientId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      clientSecret: STAND_IN,
      region: "us-east-1",
      regeneratedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      rotation: null,
      stores: [],
    });
    expect(record).toContain("vault:secret/a prepare");
    expect(record).not.toContain("vault:secret/a prepare dry");
  });

  test("that is empty has no life to tell of", async () => {
    expect(await look({})).toMatchObject({ document: undefined, login: undefined });
  });

  test("tells of a staged secret that lives", async () => {
    const staged = documentOf();
    expect((await look({ staged })).stagedValid).toEqual(staged);
    expect(record).not.toContain("vault:secret/a promote");
  });

  test("says nothing of a staged secret that is dead", async () => {
    genesys.live.set("c1", "another");
    expect((await look({ staged: documentOf() })).stagedValid).toBeUndefined();
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
