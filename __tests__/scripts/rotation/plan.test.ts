import { Secret } from "../../../scripts/core/secret";
import { type Found, planRotation } from "../../../scripts/rotation/plan";
import type { StoredDocument } from "../../../scripts/stores/document";

const wanted = { clientId: "client", rotation: "version:1", stores: ["a", "b"] };

function document(changes: Partial<StoredDocument> = {}): StoredDocument {
  return {
    clientId: "client",
    clientSecret: new Secret("s1"),
    region: "us-east-1",
    regeneratedAt: "2026-01-01T00:00:00.000Z",
    rotation: "version:1",
    stores: ["a", "b"],
    ...changes,
  };
}

const holds = (uri: string, held?: StoredDocument): Found => ({ uri, readable: true, document: held });
const writeOnly = (uri: string): Found => ({ uri, readable: false });

describe("regenerates", () => {
  test.each<[string, Partial<typeof wanted> | { rotation: null }, Found[], string]>([
    ["without a rotation id", { rotation: null }, [holds("a", document())], "without a rotation id"],
    ["with empty stores", {}, [holds("a"), holds("b")], "no store holds a secret"],
    ["with write-only stores", {}, [writeOnly("a"), writeOnly("b")], "no store holds a secret"],
    ["for a new client", {}, [holds("a", document({ clientId: "old" })), holds("b")], "another client"],
    [
      "for a new rotation id",
      {},
      [holds("a", document({ rotation: "version:0" }))],
      'changed to "version:1"',
    ],
    [
      "where the document had no rotation id",
      {},
      [holds("a", document({ rotation: null }))],
      'changed to "version:1"',
    ],
    [
      "again for the same stores: -replace",
      {},
      [holds("a", document()), holds("b", document())],
      "asked for again",
    ],
    [
      "when stores disagree",
      {},
      [holds("a", document()), holds("b", document({ clientSecret: new Secret("s2") }))],
      "different secrets",
    ],
    ["when a store lost what it was given", {}, [holds("a", document()), holds("b")], "b no longer holds"],
    [
      "when a store still holds the rotation before: a run died between two stores",
      {},
      [
        holds("a", document()),
        holds("b", document({ rotation: "version:0", clientSecret: new Secret("s0") })),
      ],
      "b no longer holds",
    ],
  ])("the secret %s", (_, changes, found, reason) => {
    const plan = planRotation({ ...wanted, ...changes }, found);
    expect(plan).toMatchObject({ action: "regenerate", reason: expect.stringContaining(reason) });
  });
});

describe("copies, when only the list of stores is new", () => {
  const old = document({ stores: ["a"] });

  test("into a store that was added", () => {
    expect(planRotation(wanted, [holds("a", old), holds("b")])).toMatchObject({
      action: "copy",
      into: ["b"],
      document: old,
      reason: "only the list of stores is new",
    });
  });

  test("over another client's secret in a store that was added", () => {
    expect(planRotation(wanted, [holds("a", old), holds("b", document({ clientId: "x" }))])).toMatchObject({
      action: "copy",
      into: ["b"],
    });
  });

  test("into a write-only store that was added, and not into one that has it", () => {
    const both = document({ stores: ["a", "known"] });
    const stores = ["a", "known", "new"];
    expect(
      planRotation({ ...wanted, stores }, [holds("a", both), writeOnly("known"), writeOnly("new")]),
    ).toMatchObject({
      action: "copy",
      into: ["new"],
    });
  });

  test("into nothing when a store was taken off the list", () => {
    expect(planRotation({ ...wanted, stores: ["a"] }, [holds("a", document())])).toMatchObject({
      action: "copy",
      into: [],
    });
  });

  test("again after a copy that was cut short", () => {
    expect(planRotation(wanted, [holds("a", old), holds("b", document())])).toMatchObject({
      action: "copy",
      into: [],
    });
  });
});

describe("a secret that an earlier run has marked", () => {
  const marked = document({ verified: false });

  test("is copied with its mark, though only one store shows it", () => {
    expect(planRotation(wanted, [holds("a", document()), holds("b", marked)])).toEqual({
      action: "copy",
      document: marked,
      into: [],
      reason: "the run before has stored it, and did not see it log in",
    });
  });

  test("is copied into what cannot be read, too: that run may have failed to write it", () => {
    const stores = ["a", "write-only"];
    const held = document({ stores, verified: false });
    expect(planRotation({ ...wanted, stores }, [holds("a", held), writeOnly("write-only")])).toMatchObject({
      action: "copy",
      into: ["write-only"],
    });
  });

  test("is not marked by a copy that follows another reason", () => {
    const plan = planRotation(wanted, [holds("a", document({ stores: ["a"] })), holds("b")]);
    expect(plan).toMatchObject({
      action: "copy",
      document: expect.not.objectContaining({ verified: false }),
    });
  });
});

describe("adopts what was rotated outside Terraform", () => {
  const outside = document({ rotation: "version:1 (outside Terraform)" });

  test("in this very rotation: nothing is regenerated, and the rotation is noted as Terraform's own", () => {
    expect(planRotation(wanted, [holds("a", outside), holds("b", outside)])).toEqual({
      action: "copy",
      document: document(),
      into: [],
      reason: "this rotation was done outside Terraform",
    });
  });

  test("together with a new list of stores", () => {
    expect(
      planRotation({ ...wanted, stores: ["a", "b", "c"] }, [
        holds("a", outside),
        holds("b", outside),
        holds("c"),
      ]),
    ).toMatchObject({ action: "copy", into: ["c"], document: { rotation: "version:1" } });
  });

  test("again after an adoption that was cut short", () => {
    expect(planRotation(wanted, [holds("a", document()), holds("b", outside)])).toMatchObject({
      action: "copy",
      into: [],
    });
  });

  test.each<[string, Partial<StoredDocument>]>([
    ["in another rotation", { rotation: "version:0 (outside Terraform)" }],
    ["of another client", { clientId: "other" }],
  ])("but not %s", (_, changes) => {
    const held = { ...outside, ...changes };
    expect(planRotation(wanted, [holds("a", held), holds("b", held)])).toMatchObject({
      action: "regenerate",
    });
  });

  test("but not where a store lacks it", () => {
    expect(planRotation(wanted, [holds("a", outside), holds("b")])).toMatchObject({ action: "regenerate" });
  });

  test.each(["version:1", "slot 12", "anything"])(
    "and takes a secret that was adopted for the rotation that is asked for first, %s",
    (rotation) => {
      const held = document({ rotation: "adopted" });
      expect(planRotation({ ...wanted, rotation }, [holds("a", held), holds("b", held)])).toEqual({
        action: "copy",
        document: document({ rotation }),
        into: [],
        reason: "the secret was adopted, which counts as this rotation",
      });
    },
  );

  test("a store that lacks an adopted secret is given it: the secret is in use", () => {
    const held = document({ rotation: "adopted" });
    expect(planRotation(wanted, [holds("a", held), holds("b")])).toMatchObject({
      action: "copy",
      into: ["b"],
    });
  });
});
