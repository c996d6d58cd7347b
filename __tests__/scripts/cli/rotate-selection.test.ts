import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { entry, Fleet, rowsOf } from "../../helpers/fleet";

let fleet: Fleet;
afterEach(() => fleet.end());

describe("--only", () => {
  test("takes names and ids, also the id of a client that the manifest names", async () => {
    fleet = await Fleet.start();
    const { ids, entries } = fleet.clients(4);
    fleet.write(entries);
    const { code } = await fleet.rotate(["--only", "service-1", "--only", ids[3] as string]);
    expect(code).toBe(0);
    expect(ids.map((id) => fleet.rotations(id))).toEqual([0, 1, 0, 1]);
  });

  test("refuses what no client is called, before anything is touched", async () => {
    fleet = await Fleet.start();
    const { ids, entries } = fleet.clients(2);
    fleet.write(entries);
    const { code, stderr } = await fleet.rotate(["--only", "service-1", "--only", "servise-0"]);
    expect(code).toBe(2);
    expect(stderr).toContain('--only: no client of the manifest is "servise-0", by name or by id.');
    expect(ids.map((id) => fleet.rotations(id))).toEqual([0, 0]);
  });
});

test("--dry-run finds out all and changes nothing", async () => {
  fleet = await Fleet.start();
  const { ids, entries } = fleet.clients(3);
  fleet.write([...entries, entry("absent")]);
  const { code, stdout } = await fleet.rotate(["--dry-run", "--json"]);
  expect(code).toBe(8);
  expect(JSON.parse(stdout).counts).toEqual({ "would regenerate": 3, failed: 1 });
  expect(ids.map((id) => fleet.rotations(id))).toEqual([0, 0, 0]);
  expect(readdirSync(join(fleet.folder, "stack"))).toEqual(["genesys-secret.manifest.json"]);
});

describe("--due", () => {
  test("leaves alone what has the secret of its present rotation, and needs no journal", async () => {
    fleet = await Fleet.start();
    const { ids, entries } = fleet.clients(3);
    fleet.write(entries);
    expect((await fleet.rotate(["--due"])).stdout).toContain("3  regenerated");
    const again = await fleet.rotate(["--due", "--json"]);
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout).counts).toEqual({ "not due": 3 });
    expect(ids.map((id) => fleet.rotations(id))).toEqual([1, 1, 1]);
    // What the look itself logged in with is given back.
    const [logins, revocations] = ["/oauth/token", "/api/v2/tokens/me"].map((wanted) =>
      fleet.sandbox.journal.filter(({ path }) => path === wanted),
    );
    expect(revocations).toHaveLength(logins?.length as number);
    expect(existsSync(`${fleet.manifest}.progress`)).toBe(false);
  });

  test("does what changed: another rotation, another store, a secret that died", async () => {
    fleet = await Fleet.start();
    const { ids, entries } = fleet.clients(4);
    fleet.write(entries);
    await fleet.rotate();
    const [rotated, stored, dead, done] = entries;
    const path = join(fleet.folder, "stack", "service-2.json");
    const document = JSON.parse(readFileSync(path, "utf8"));
    writeFileSync(path, JSON.stringify({ ...document, client_secret: "a-secret-that-is-dead" }));
    fleet.write([
      { ...rotated, rotation: "version:2" },
      { ...stored, stores: [...(stored?.stores ?? []), "file:./copy.json"] },
      dead as object,
      done as object,
    ]);
    const { code, stdout } = await fleet.rotate(["--due", "--json"]);
    expect(code).toBe(0);
    expect(Object.fromEntries(rowsOf(stdout).map(({ name, outcome }) => [name, outcome]))).toEqual({
      "service-0": "regenerated",
      "service-1": "copied",
      "service-2": "regenerated",
      "service-3": "not due",
    });
    expect(ids.map((id) => fleet.rotations(id))).toEqual([2, 1, 2, 1]);
    for (const [index, id] of ids.entries()) expect(fleet.isLive(id, `service-${index}`)).toBe(true);
    expect(fleet.isLive(ids[1] as string, "copy")).toBe(true);
  });

  test("says when it cannot tell, and rotates nothing by guess", async () => {
    fleet = await Fleet.start();
    const { ids } = fleet.clients(2);
    fleet.write([entry("service-0", { stores: ['command:["true"]'] }), entry("service-1")]);
    await fleet.rotate(["--only", "service-1"]);
    fleet.sandbox.fault({ path: "/oauth/token", skip: 1, times: Number.POSITIVE_INFINITY, status: 503 });
    const { code, stdout } = await fleet.rotate(["--due", "--json"], { GENESYS_SECRET_RETRY_TIMEOUT: "1" });
    expect(code).toBe(8);
    expect(
      rowsOf(stdout)
        .map(({ error }) => error?.code)
        .sort(),
    ).toEqual(["ERR_DUE_UNKNOWN", "ERR_STORE_NOT_READY"]);
    expect(ids.map((id) => fleet.rotations(id))).toEqual([0, 1]);
  });
});

test("--shard splits a fleet: the parts make the whole, and nobody is in two", async () => {
  fleet = await Fleet.start();
  const { ids, entries } = fleet.clients(17);
  fleet.write(entries);
  const results = await Promise.all(
    ["1/3", "2/3", "3/3"].map((shard) => fleet.rotate(["--shard", shard, "--json"])),
  );
  expect(results.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(results.map(({ stdout }) => rowsOf(stdout).length).reduce((sum, count) => sum + count)).toBe(17);
  expect(ids.map((id) => fleet.rotations(id))).toEqual(Array(17).fill(1));
});
