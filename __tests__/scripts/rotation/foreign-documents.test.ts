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
