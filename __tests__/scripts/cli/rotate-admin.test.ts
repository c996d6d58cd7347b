import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Fleet, rowsOf } from "../../helpers/fleet";
import { adminToken } from "../../torture/admin-token";

let fleet: Fleet;
afterEach(() => fleet.end());

describe("the admin", () => {
  test("is refused: 3, and nothing is done", async () => {
    fleet = await Fleet.start();
    const { ids, entries } = fleet.clients(2);
    fleet.write(entries);
    const result = await fleet.rotate([], { GENESYSCLOUD_OAUTHCLIENT_SECRET: "wrong-wrong-wrong" });
    expect(result).toMatchObject({
      code: 3,
      stdout: "",
      stderr: expect.stringContaining("ERR_AUTHENTICATION"),
    });
    expect(ids.map((id) => fleet.rotations(id))).toEqual([0, 0]);
    expect(readdirSync(join(fleet.folder, "stack"))).toEqual(["genesys-secret.manifest.json"]);
  });

  test("may not list: 4, and nothing is done", async () => {
    fleet = await Fleet.start();
    const { entries } = fleet.clients(1);
    const poor = fleet.sandbox.addClient({ name: "poor", permissions: ["oauth:client:edit"] });
    fleet.write(entries);
    const result = await fleet.rotate([], {
      GENESYSCLOUD_OAUTHCLIENT_ID: poor.id,
      GENESYSCLOUD_OAUTHCLIENT_SECRET: poor.secret,
    });
    expect(result).toMatchObject({ code: 4, stderr: expect.stringContaining("oauth:client:view") });
  });

  test("has its token renewed whenever it expires, for all at once", async () => {
    fleet = await Fleet.start({ tokenSeconds: 2 });
    const { ids, entries } = fleet.clients(24);
    fleet.write(entries);
    const result = await fleet.rotate();
    expect(result).toMatchObject({ code: 0, stdout: expect.stringContaining("24  regenerated") });
    expect(ids.map((id) => fleet.rotations(id))).toEqual(Array(24).fill(1));
    const logins = fleet.sandbox.journal.filter(
      ({ path, clientId }) => path === "/oauth/token" && clientId === fleet.sandbox.admin.clientId,
    );
    // 24 turns take more than four seconds.
    expect(logins.length).toBeGreaterThanOrEqual(3);
    const refused = fleet.sandbox.journal.filter(({ status }) => status === 401);
    expect(logins.length).toBeLessThanOrEqual(refused.length + 1);
  });

  test("loses its token for good: those under way fail, the rest is not started", async () => {
    fleet = await Fleet.start({ tokenSeconds: 1 });
    const { entries } = fleet.clients(24);
    fleet.write(entries);
    const token = await adminToken(fleet.sandbox);
    const result = await fleet.rotate(["--json"], {
      GENESYSCLOUD_OAUTHCLIENT_ID: "",
      GENESYSCLOUD_OAUTHCLIENT_SECRET: "",
      GENESYSCLOUD_ACCESS_TOKEN: token,
    });
    expect([3, 8]).toContain(result.code);
    if (result.code === 3) return;
    const { counts } = JSON.parse(result.stdout);
    expect(counts["not started"]).toBeGreaterThan(0);
    expect(counts.failed).toBeLessThanOrEqual(8);
  });

  test("differs from org to org: one that is refused fails its own clients only", async () => {
    fleet = await Fleet.start();
    const { ids, entries } = fleet.clients(3);
    const other = fleet.sandbox.addClient({ name: "other admin", permissions: ["*"] });
    const named = (prefix: string) => ({
      adminCredentials: { clientIdVariable: `${prefix}_ID`, clientSecretVariable: `${prefix}_SECRET` },
    });
    fleet.write([
      { ...entries[0] },
      { ...entries[1], ...named("OTHER") },
      { ...entries[2], ...named("WRONG") },
    ]);
    const result = await fleet.rotate(["--json"], {
      OTHER_ID: other.id,
      OTHER_SECRET: other.secret,
      WRONG_ID: other.id,
      WRONG_SECRET: "wrong-wrong-wrong",
    });
    expect(result.code).toBe(8);
    expect(ids.map((id) => fleet.rotations(id))).toEqual([1, 1, 0]);
    const by = (id: string) =>
      fleet.sandbox.journal.find(({ path }) => path === `/api/v2/oauth/clients/${id}/secret`)?.clientId;
    expect(by(ids[0] as string)).toBe(fleet.sandbox.admin.clientId);
    expect(by(ids[1] as string)).toBe(other.id);
    expect(rowsOf(result.stdout).find(({ name }) => name === "service-2")?.error).toMatchObject({
      code: "ERR_AUTHENTICATION",
      exit: 3,
    });
  });
});
