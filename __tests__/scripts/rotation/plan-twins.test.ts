import fc from "fast-check";
import { Secret } from "../../../scripts/core/secret";
import { type FoundOfTwins, planTwins, type WantedOfTwins } from "../../../scripts/rotation/plan-twins";
import type { StoredDocument } from "../../../scripts/stores/document";

const wanted: WantedOfTwins = {
  clientId: "A",
  twinId: "B",
  rotation: "slot 2",
  again: false,
  stores: ["one", "two"],
};

/** "B2" is the secret that client B got in slot 2. */
function document(held: string, changes: Partial<StoredDocument> = {}): StoredDocument {
  return {
    clientId: held[0] as string,
    clientSecret: new Secret(`secret-${held}`),
    region: "us-east-1",
    regeneratedAt: `2026-01-0${held[1]}T00:00:00.000Z`,
    rotation: `slot ${held[1]}`,
    stores: ["one", "two"],
    ...changes,
  };
}

const found = (uri: string, held?: StoredDocument): FoundOfTwins => ({
  uri,
  readable: true,
  document: held,
  alive: false,
  staged: false,
});
const alive = (uri: string, held: StoredDocument): FoundOfTwins => ({ ...found(uri, held), alive: true });
const writeOnly = (uri: string): FoundOfTwins => ({ ...found(uri), readable: false });

describe("regenerates", () => {
  test.each<[string, string, Partial<WantedOfTwins>, FoundOfTwins[], string]>([
    [
      "the first where nothing is stored",
      "A",
      {},
      [found("one"), found("two")],
      "no store holds a secret of",
    ],
    [
      "the first over another client's",
      "A",
      {},
      [found("one", document("C1"))],
      "no store holds a secret of",
    ],
    ["the idle one for a new rotation id", "B", {}, [alive("one", document("A1"))], 'changed to "slot 2"'],
    ["the first, when it is idle", "A", {}, [alive("one", document("B1"))], 'changed to "slot 2"'],
    [
      "the idle one without a rotation id",
      "A",
      { rotation: null },
      [alive("one", document("B2"))],
      "without a rotation id",
    ],
    ["the idle one again when told so", "A", { again: true }, [alive("one", document("B2"))], "for again"],
    [
      "the one that is not shown, when what is shown is dead",
      "A",
      {},
      [found("one", document("B2"))],
      "no store holds a secret that lives",
    ],
    [
      "the one that was not shown last, when both are dead",
      "B",
      {},
      [found("one", document("B1")), found("two", document("A2"))],
      "no store holds a secret that lives",
    ],
    [
      "the idle one, though a new store is empty",
      "B",
      {},
      [alive("one", document("A1")), found("new")],
      'changed to "slot 2"',
    ],
    [
      "the idle one, though its dead secret is shown, too",
      "B",
      {},
      [alive("one", document("A1")), found("two", document("B0"))],
      'changed to "slot 2"',
    ],
  ])("as planned: %s", (_, clientId, changes, holdings, reason) => {
    expect(planTwins({ ...wanted, ...changes }, holdings)).toEqual({
      action: "regenerate",
      clientId,
      reason: expect.stringContaining(reason),
    });
  });
});

describe("finishes what was interrupted, and regenerates nothing", () => {
  const apart = [alive("one", document("B2")), alive("two", document("A1"))];

  test("between two stores: the newest is copied", () => {
    expect(planTwins(wanted, apart)).toEqual({
      action: "copy",
      document: document("B2"),
      into: ["two"],
      reason:
        "a rotation was interrupted, and is finished: to regenerate the other client at once would lock out whoever " +
        "still holds it",
    });
  });

  test("between two stores, though another rotation is wanted by now: it counts as that one", () => {
    expect(planTwins({ ...wanted, rotation: "slot 3", again: true }, apart)).toMatchObject({
      action: "copy",
      document: document("B2", { rotation: "slot 3" }),
      into: ["two"],
      reason: expect.stringContaining('is finished; it counts as "slot 3"'),
    });
  });

  test("without a rotation id, too: the stored one stays", () => {
    expect(planTwins({ ...wanted, rotation: null }, apart)).toMatchObject({
      action: "copy",
      document: document("B2"),
    });
  });

  test("before a staged secret was current: whoever reads it has only now been told", () => {
    const staged = { ...alive("one", document("B1")), staged: true };
    expect(planTwins(wanted, [staged])).toMatchObject({
      action: "copy",
      document: document("B1", { rotation: "slot 2" }),
      into: [],
    });
  });

  test("before a store was written that cannot be read", () => {
    expect(planTwins(wanted, [alive("one", document("B2")), writeOnly("two")])).toMatchObject({
      action: "copy",
      into: ["two"],
      reason: 'the rotation "slot 2" is done',
    });
  });
});

describe("copies", () => {
  test.each<[string, FoundOfTwins[], string[]]>([
    ["nothing when all is done", [alive("one", document("B2")), alive("two", document("B2"))], []],
    ["into an empty store", [alive("one", document("B2")), found("two")], ["two"]],
    ["over another client's", [alive("one", document("B2")), found("two", document("C1"))], ["two"]],
    ["over a dead one", [alive("one", document("B2")), found("two", document("B1"))], ["two"]],
  ])("as planned: %s", (_, holdings, into) => {
    expect(planTwins(wanted, holdings)).toMatchObject({
      action: "copy",
      document: document("B2"),
      into,
      reason: 'the rotation "slot 2" is done',
    });
  });

  test("what was adopted, as the rotation that is asked for", () => {
    expect(planTwins(wanted, [alive("one", document("B2", { rotation: "adopted" }))])).toMatchObject({
      action: "copy",
      document: document("B2", { rotation: "slot 2" }),
      reason: "the secret was adopted, which counts as this rotation",
    });
  });

  test("what was rotated outside Terraform, as Terraform's own", () => {
    const outside = document("B2", { rotation: "slot 2 (outside Terraform)" });
    expect(planTwins(wanted, [alive("one", outside)])).toMatchObject({
      action: "copy",
      document: document("B2"),
      into: [],
    });
  });
});

test("whatever the stores hold, no client is regenerated that one of them shows with a living secret", () => {
  const holding = fc.record({
    uri: fc.constantFrom("one", "two", "three", "four"),
    readable: fc.boolean(),
    held: fc.option(fc.tuple(fc.constantFrom("A", "B", "C"), fc.integer({ min: 0, max: 3 })), {
      nil: undefined,
    }),
    lives: fc.boolean(),
    staged: fc.boolean(),
  });
  const asked = fc.record({
    rotation: fc.constantFrom(null, "slot 1", "slot 2", "slot 3"),
    again: fc.boolean(),
  });
  fc.assert(
    fc.property(asked, fc.array(holding, { maxLength: 4 }), (changes, holdings) => {
      const stores = holdings.map(({ uri, readable, held, lives, staged }): FoundOfTwins => {
        const stored = readable && held ? document(held.join("")) : undefined;
        const isAlive = stored !== undefined && lives && held?.[0] !== "C";
        return { uri, readable, document: stored, alive: isAlive, staged: isAlive && staged };
      });
      const plan = planTwins({ ...wanted, ...changes }, stores);
      const shown = stores.filter((one) => one.alive).map((one) => one.document?.clientId);
      if (plan.action === "regenerate") expect(shown).not.toContain(plan.clientId);
      else expect(shown).toContain(plan.document.clientId);
    }),
    { numRuns: 5_000 },
  );
});
