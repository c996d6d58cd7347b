import { Secret } from "../../../scripts/core/secret";
import { documentOf, ORDERS, World } from "./world";

const LOGIN = "log in c1 new1 CLIENT-CREDENTIALS 1000";

describe("a healthy run", () => {
  test("into an empty store: each step once, in its order", async () => {
    const world = new World({ "file:/a": {} });
    const report = await world.rotate();
    expect(world.record).toEqual([
      "sign in",
      "find",
      "file:/a prepare",
      "file:/a read",
      "file:/a rehearse c1 version:1",
      "ignore interrupts",
      "regenerate c1",
      "file:/a write c1 new1",
      LOGIN,
      "file:/a read",
      "revoke token-c1",
      "ignore interrupts",
      "sign out",
      "file:/a release",
    ]);
    expect(world.said).toEqual([
      "Signing in to Genesys Cloud us-east-1",
      'Found the client "orders" (c1), CLIENT-CREDENTIALS',
      "Ready: file:/a",
      "Regenerating the secret: no store holds a secret of this client yet",
      "Regenerated; the old secret is invalid. Storing the new one",
      "Stored in file:/a",
      "Read back and logged in: it works",
    ]);
    expect(report).toMatchObject({
      outcome: "regenerated",
      secret: "changed",
      client: ORDERS,
      reason: "no store holds a secret of this client yet",
      error: undefined,
    });
    expect(report.idle).toBeUndefined();
    expect(World.holdings(report)).toEqual(["file:/a verified"]);
    expect(world.stores[0]?.document).toEqual({
      clientId: "c1",
      clientSecret: new Secret("new1"),
      region: "us-east-1",
      regeneratedAt: "2026-06-01T00:00:00.000Z",
      rotation: "version:1",
      stores: ["file:/a"],
    });
  });

  test("warns of what the user should know before the old secret dies", async () => {
    const world = new World({ "file:/a": {} });
    world.warnings = ["an integration will break"];
    await world.rotate();
    expect(world.said.indexOf("! an integration will break")).toBe(3);
  });

  test("into a store that cannot be read counts by its acknowledgement", async () => {
    const world = new World({ "stdout:": { readable: false } });
    const report = await world.rotate({ rotation: null });
    expect(World.holdings(report)).toEqual(["stdout: acknowledged"]);
    expect(world.said.at(-1)).toBe("Logged in: it works");
    expect(world.record.filter((line) => line.includes("read"))).toEqual(["stdout: read"]);
    expect(report.reason).toBe("it was asked for, without a rotation id");
  });

  test("of a CODE client verifies as one", async () => {
    const world = new World({ "file:/a": {} }, [{ ...ORDERS, authorizedGrantType: "CODE" }]);
    world.genesys.logins.push({ kind: "accepted" });
    const report = await world.rotate();
    expect(world.record).toContain("log in c1 new1 CODE 1000");
    expect(world.record.filter((line) => line.startsWith("revoke"))).toEqual([]);
    expect(report.outcome).toBe("regenerated");
  });

  test("makes a staged secret current only after it has logged in", async () => {
    const world = new World({ "vault:secret/a": { staged: null } });
    const report = await world.rotate();
    const at = (line: string) => world.record.indexOf(line);
    expect(at("vault:secret/a promote")).toBeGreaterThan(at(LOGIN));
    expect(world.stores[0]?.document?.clientSecret.reveal()).toBe("new1");
    expect(World.holdings(report)).toEqual(["vault:secret/a verified"]);
  });
});

describe("a dry run", () => {
  test("prepares without leaving anything, and regenerates nothing", async () => {
    const world = new World({ "file:/a": {} });
    const report = await world.rotate({ dryRun: true });
    expect(world.record).toContain("file:/a prepare dry");
    expect(world.record.filter((line) => /regenerate|write/.test(line))).toEqual([]);
    expect(report).toMatchObject({ outcome: "would regenerate", secret: "not changed" });
    expect(world.said.at(-1)).toBe("Would regenerate: no store holds a secret of this client yet");
    expect(World.holdings(report)).toEqual(["file:/a untouched"]);
  });

  test("says when it would copy", async () => {
    const world = new World({ "file:/a": { document: documentOf() }, "file:/b": {} });
    world.genesys.live.set("c1", "s1");
    const report = await world.rotate({ dryRun: true });
    expect(report.outcome).toBe("would copy");
    expect(world.said.at(-1)).toBe("Would copy the working secret: only the list of stores is new");
    expect(world.record.filter((line) => line.includes("write"))).toEqual([]);
  });

  test("tells of a staged secret that lives, and promotes nothing", async () => {
    const world = new World({ "vault:secret/a": { staged: documentOf({ stores: ["vault:secret/a"] }) } });
    world.genesys.live.set("c1", "s1");
    await world.rotate({ dryRun: true });
    expect(world.record.filter((line) => line.includes("promote"))).toEqual([]);
  });
});
