import { documentOf, ORDERS, SPARE, World } from "./world";

const FOREIGN = documentOf({ clientId: "c9", clientSecret: documentOf().clientSecret });
const OTHER = { ...ORDERS, id: "c9", name: "billing" };

function world(document = FOREIGN): World {
  const it = new World({ "file:/a": { document } });
  it.genesys.others.set("c9", OTHER);
  it.genesys.live.set("c9", "s1");
  return it;
}

const calls = ({ record }: World): string[] => record.filter((line) => line.startsWith("regenerate"));

test("a client that the org does not know, and whose secret is valid all the same, is another org's", async () => {
  const it = world();
  it.genesys.others.clear();
  const report = await it.rotate();
  expect(report.error).toMatchObject({ exitCode: 6, code: "ERR_STORE_FOREIGN" });
  expect(calls(it)).toEqual([]);
});

test("a client that is gone may be replaced, though the login service says nothing", async () => {
  const it = world();
  it.genesys.others.clear();
  it.genesys.logins.push({
    kind: "unavailable",
    reply: { kind: "no answer", reason: "ECONNREFUSED", neverSent: true, untrusted: false },
  });
  expect((await it.rotate()).outcome).toBe("regenerated");
});

test("a client that cannot be asked for, on a machine that cannot log in, stays", async () => {
  const it = world();
  it.genesys.others.set("c9", "unknown");
  it.genesys.logins.push({
    kind: "unavailable",
    reply: { kind: "no answer", reason: "ECONNREFUSED", neverSent: true, untrusted: false },
  });
  const report = await it.rotate();
  expect(report.error?.message).toContain("whether it is valid is unknown");
  expect(calls(it)).toEqual([]);
});

test("every store that stays is named, and nothing is asked of a document of the run's own twins", async () => {
  const it = new World(
    {
      "file:/a": { document: documentOf({ clientId: "c2" }) },
      "file:/b": { document: FOREIGN },
      "file:/c": { document: FOREIGN },
    },
    [ORDERS, SPARE],
  );
  it.genesys.others.set("c9", OTHER);
  it.genesys.live.set("c9", "s1");
  const { error } = await it.rotate();
  expect(error?.message).toMatch(/^file:\/b holds .* c9: it is valid; file:\/c holds /);
  expect(error?.remedy).toContain("take over c9");
  expect(it.record).not.toContain("look up c2");
});

test("a store that cannot be read back knows nothing of another client", async () => {
  const it = new World({ "file:/a": { readable: false } });
  expect((await it.rotate()).outcome).toBe("regenerated");
  expect(it.record.filter((line) => line.startsWith("look up"))).toEqual([]);
});
