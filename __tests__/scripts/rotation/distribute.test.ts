import { Secret } from "../../../scripts/core/secret";
import { OvertakenFault } from "../../../scripts/stores/store";
import { documentOf, down, World } from "./world";

const LOGIN = "log in c1 new1 CLIENT-CREDENTIALS 1000";

describe("another run writes into the store, too", () => {
  const theirs = documentOf({ clientSecret: new Secret("theirs") });
  const again = "! file:/a: another run has written a secret that is dead by now; writing over it";

  test("a secret that lives writes over theirs", async () => {
    const world = new World({ "file:/a": { overtakenBy: [theirs, 1] } });
    const report = await world.rotate();
    expect(World.holdings(report)).toEqual(["file:/a verified"]);
    expect(world.said.filter((line) => line.startsWith("!"))).toEqual([again]);
    expect(world.record.slice(world.record.indexOf("regenerate c1") + 1, -3)).toEqual([
      "file:/a write c1 new1",
      LOGIN,
      "file:/a read",
      "revoke token-c1",
      LOGIN,
      "revoke token-c1",
      "file:/a write c1 new1 over",
      "file:/a read",
    ]);
  });

  test("another client's secret counts as theirs, though it is the same text", async () => {
    const other = documentOf({ clientId: "c9", clientSecret: new Secret("new1") });
    const world = new World({ "file:/a": { overtakenBy: [other, 1] } });
    await world.rotate();
    expect(world.stores[0]?.document?.clientId).toBe("c1");
  });

  test("and again and again: after ten rounds it says so", async () => {
    const world = new World({ "file:/a": { overtakenBy: [theirs] } });
    const report = await world.rotate();
    expect(report.error).toMatchObject({
      exitCode: 9,
      code: "ERR_NOT_VERIFIED",
      secret: "changed",
      message: "The secret is stored, but not every store was seen to hold it: other runs keep writing it.",
      remedy: "If another run was later, its secret counts. Otherwise run again in a minute.",
    });
    expect(World.holdings(report)).toEqual(["file:/a another run's: other runs keep writing it"]);
    expect(world.record.filter((line) => line.endsWith(" over"))).toHaveLength(10);
  });

  test("a secret that is dead by then leaves theirs alone", async () => {
    const world = new World({ "file:/a": { overtakenBy: [theirs] } });
    world.genesys.logins.push({ kind: "accepted" }, { kind: "refused", reason: "invalid_client" });
    const report = await world.rotate();
    expect(World.holdings(report)).toEqual(["file:/a another run's: invalid_client"]);
    expect(world.record.filter((line) => line.endsWith(" over"))).toEqual([]);
    expect(report.error?.exitCode).toBe(9);
  });

  test("a secret that was never accepted leaves theirs alone", async () => {
    const world = new World({ "file:/a": { overtakenBy: [theirs] } });
    world.genesys.logins.push(...Array(20).fill({ kind: "refused", reason: "invalid_client" }));
    const report = await world.rotate();
    expect(World.holdings(report)).toEqual([
      "file:/a another run's: it holds something else by now: another run was later",
    ]);
    expect(world.record.filter((line) => line.endsWith(" over"))).toEqual([]);
  });

  test("where the login service goes away, theirs stays", async () => {
    const reply = {
      kind: "no answer",
      reason: "ECONNRESET",
      neverSent: false,
      untrusted: false,
    } as const;
    const world = new World({ "file:/a": { overtakenBy: [theirs] } });
    world.genesys.logins.push({ kind: "accepted" }, { kind: "unavailable", reply });
    expect(World.holdings(await world.rotate())).toEqual([
      "file:/a another run's: No answer from Genesys Cloud (ECONNRESET)",
    ]);
  });

  test.each(["write", "promote"] as const)(
    "the store itself reports it when it is asked to %s",
    async (call) => {
      const fault = new OvertakenFault("another run was here");
      const world = new World({ "vault:secret/a": { staged: null, faults: { [call]: [fault, 1] } } });
      const report = await world.rotate();
      expect(World.holdings(report)).toEqual(["vault:secret/a verified"]);
      expect(world.record.filter((line) => line.endsWith(" over"))).toEqual([
        "vault:secret/a write c1 new1 over",
        "vault:secret/a promote over",
      ]);
      expect(world.stores[0]?.document?.clientSecret.reveal()).toBe("new1");
    },
  );

  test("and it cannot be written over", async () => {
    const faults = { write: [down(), 20] } as const;
    const world = new World({ "file:/a": { overtakenBy: [theirs, 1], faults } });
    world.stores[0]?.letThrough("write", 1);
    const report = await world.rotate();
    expect(World.holdings(report)).toEqual(["file:/a not written: it is down"]);
    expect(report.error?.exitCode).toBe(8);
  });

  test("and what was written over it cannot be read back", async () => {
    const world = new World({ "file:/a": { overtakenBy: [theirs, 1], faults: { read: [down(), 20] } } });
    world.stores[0]?.letThrough("read", 2);
    expect(World.holdings(await world.rotate())).toEqual(["file:/a unverified: it is down"]);
  });
});
