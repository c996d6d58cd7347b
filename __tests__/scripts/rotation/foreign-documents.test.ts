import { isKnownInvalid } from "../../../scripts/rotation/foreign-documents";
import { documentOf, ORDERS, SPARE, World } from "./world";

const FOREIGN = documentOf({ clientId: "c9", clientSecret: documentOf().clientSecret });
const OTHER = { ...ORDERS, id: "c9", name: "billing" };

function occupied(document = FOREIGN): World {
  const world = new World({ "file:/a": { document } });
  world.genesys.others.set("c9", OTHER);
  world.genesys.live.set("c9", "s1");
  return world;
}

const calls = ({ record }: World): string[] => record.filter((line) => line.startsWith("regenerate"));

test("a client that the org does not know, and whose secret is valid all the same, is another org's", async () => {
  const world = occupied();
  world.genesys.others.clear();
  const report = await world.rotate();
  expect(report.error).toMatchObject({ exitCode: 6, code: "ERR_STORE_FOREIGN" });
  expect(calls(world)).toEqual([]);
});

test("a client that is gone may be replaced, though the login service says nothing", async () => {
  const world = occupied();
  world.genesys.others.clear();
  world.genesys.logins.push({
    kind: "unavailable",
    reply: { kind: "no answer", reason: "ECONNREFUSED", neverSent: true, untrusted: false },
  });
  expect((await world.rotate()).outcome).toBe("regenerated");
});

test("a client that cannot be asked for, on a machine that cannot log in, stays", async () => {
  const world = occupied();
  world.genesys.others.set("c9", "unknown");
  world.genesys.logins.push({
    kind: "unavailable",
    reply: { kind: "no answer", reason: "ECONNREFUSED", neverSent: true, untrusted: false },
  });
  const report = await world.rotate();
  expect(report.error?.message).toContain("whether it is valid is unknown");
  expect(calls(world)).toEqual([]);
});

test("every store that stays is named, and nothing is asked of a document of the run's own twins", async () => {
  const world = new World(
    {
      "file:/a": { document: documentOf({ clientId: "c2" }) },
      "file:/b": { document: FOREIGN },
      "file:/c": { document: FOREIGN },
    },
    [ORDERS, SPARE],
  );
  world.genesys.others.set("c9", OTHER);
  world.genesys.live.set("c9", "s1");
  const { error } = await world.rotate();
  expect(error?.message).toMatch(/^file:\/b holds .* c9: it is valid; file:\/c holds /);
  expect(error?.remedy).toContain("take over c9");
  expect(world.record).not.toContain("look up c2");
});

test("a store that cannot be read back knows nothing of another client", async () => {
  const world = new World({ "file:/a": { readable: false } });
  expect((await world.rotate()).outcome).toBe("regenerated");
  expect(world.record.filter((line) => line.startsWith("look up"))).toEqual([]);
});

test("a client that the org does not know, and whose document names no region, stays: nobody can be asked", async () => {
  const world = occupied({ ...FOREIGN, region: "" });
  world.genesys.others.clear();
  world.genesys.live.clear();
  const report = await world.rotate();
  expect(report.error).toMatchObject({ exitCode: 6, code: "ERR_STORE_FOREIGN" });
  expect(report.error?.message).toContain("it does not say of which region it is");
  expect(calls(world)).toEqual([]);
});

describe("another client's document is replaced", () => {
  const replaced = async (world: World, changes = {}): Promise<void> => {
    const report = await world.rotate(changes);
    expect(report).toMatchObject({ outcome: "regenerated", error: undefined });
    expect(world.said).toContain("file:/a: the document of another client, c9, will be replaced");
  };
  const allowed = { allowed: ["c8", "c9"], howTo: (id: string) => id };

  test("when that client is named, and it is not asked about", async () => {
    const world = occupied();
    await replaced(world, { takeOver: allowed });
    expect(world.record).not.toContain("look up c9");
  });

  test("when that client is named, though it is of another region", () =>
    replaced(occupied({ ...FOREIGN, region: "eu-west-1" }), { takeOver: allowed }));

  test("when the same construct wrote it, though its secret is valid", () =>
    replaced(occupied({ ...FOREIGN, owner: "stack/orders" }), { owner: "stack/orders" }));

  test("when nobody is named as its owner, and that client has the same name", async () => {
    const world = occupied();
    world.genesys.others.set("c9", { ...OTHER, name: "orders" });
    await replaced(world);
  });

  test("when its secret is invalid", async () => {
    const world = occupied({ ...FOREIGN, owner: "stack/billing" });
    world.genesys.live.set("c9", "a later one");
    await replaced(world, { owner: "stack/orders" });
  });
});

describe("another client's document stays", () => {
  const stays = async (world: World, why: string, changes = {}): Promise<void> => {
    const report = await world.rotate(changes);
    expect(report.error).toMatchObject({
      exitCode: 6,
      secret: "not changed",
      message: `file:/a holds the secret of another client, c9: ${why}. It may be the only copy.`,
      remedy: "Name another store. Or, if that client's secret may be lost: take over c9",
    });
    expect(calls(world)).toEqual([]);
    expect(world.record.filter((line) => / write/.test(line))).toEqual([]);
  };

  test("when its secret is valid, and another client is named", () =>
    stays(occupied(), "it is valid", {
      takeOver: { allowed: ["c8"], howTo: (id: string) => `take over ${id}` },
    }));

  test.each([
    ["another construct wrote it", { owner: "stack/billing" }, { owner: "stack/orders" }],
    ["a construct wrote it, and this run is for none", { owner: "stack/billing" }, {}],
    ["nobody is named, and this run is for a construct", {}, { owner: "stack/orders" }],
  ])("when its secret is valid, and %s", (_, fields, changes) =>
    stays(occupied({ ...FOREIGN, ...fields }), "it is valid", changes),
  );

  test("when another construct wrote it for a client of the same name", async () => {
    const world = occupied({ ...FOREIGN, owner: "stack/billing" });
    world.genesys.others.set("c9", { ...OTHER, name: "orders" });
    await stays(world, "it is valid");
  });

  test("when it is of another region, and nobody is asked", async () => {
    const world = occupied({ ...FOREIGN, region: "eu-west-1" });
    await stays(
      world,
      'it is of the region "eu-west-1", and whether it is valid there cannot be told from here',
    );
    expect(world.record.filter((line) => /c9/.test(line))).toEqual([]);
  });

  test("when it names no region, and the org has a client of that id whose secret is valid", () =>
    stays(occupied({ ...FOREIGN, region: "" }), "it is valid"));

  test("and its secret is tried with the grant of that client", async () => {
    const world = occupied();
    world.genesys.others.set("c9", { ...OTHER, authorizedGrantType: "CODE" });
    await stays(world, "it is valid");
    expect(world.record).toContain("log in c9 s1 CODE 2000");
  });
});

describe("whether a secret of another client is known to be invalid:", () => {
  const invalid = { secret: "invalid", reason: "invalid_client" } as const;

  test.each([
    ["it is, when a login of this region says so", { document: FOREIGN, login: invalid }, true],
    [
      "it is not, when it is of another region",
      { document: { ...FOREIGN, region: "x" }, login: invalid },
      false,
    ],
    ["it is not, when it logs in", { document: FOREIGN, login: { secret: "valid" } as const }, false],
    ["it is not, when no login was tried", { document: FOREIGN }, false],
    ["it is not, when there is none", { login: invalid }, false],
  ])("as a login says: %s", (_, one, known) => {
    expect(isKnownInvalid(one, "us-east-1")).toBe(known);
  });
});
