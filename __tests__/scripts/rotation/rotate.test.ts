import {
  InterruptedError,
  NotStoredError,
  PermissionError,
  StoreNotReadyError,
} from "../../../scripts/errors";
import { Interrupts } from "../../../scripts/rotation/interrupts";
import { Secret } from "../../../scripts/secret";
import { OvertakenFault } from "../../../scripts/stores/store";
import { documentOf, down, ORDERS, World } from "./world";

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
      "Regenerated; the old secret is dead. Storing the new one",
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

describe("a copy", () => {
  test("into a new store: no call, the new one first, the old one's list last", async () => {
    const world = new World({ "file:/a": { document: documentOf() }, "file:/b": {} });
    world.genesys.live.set("c1", "s1");
    const report = await world.rotate();
    expect(world.record.filter((line) => line.startsWith("regenerate"))).toEqual([]);
    expect(world.record.filter((line) => line.includes("write"))).toEqual([
      "file:/b write c1 s1",
      "file:/a write c1 s1",
    ]);
    // Whether it works is asked with the patience of a step, before anything is written.
    expect(world.record.indexOf("log in c1 s1 CLIENT-CREDENTIALS 2000")).toBeLessThan(
      world.record.indexOf("file:/b write c1 s1"),
    );
    expect(report).toMatchObject({
      outcome: "copied",
      secret: "not changed",
      reason: "only the list of stores is new",
    });
    expect(World.holdings(report)).toEqual(["file:/a verified", "file:/b verified"]);
    expect(world.stores.map(({ document }) => document?.stores)).toEqual([
      ["file:/a", "file:/b"],
      ["file:/a", "file:/b"],
    ]);
    expect(world.said).toContain(
      "No rotation: only the list of stores is new; the stored secret works and is copied",
    );
  });

  test("away from a store that was dropped only writes the list", async () => {
    const world = new World({ "file:/a": { document: documentOf({ stores: ["file:/a", "file:/gone"] }) } });
    world.genesys.live.set("c1", "s1");
    const report = await world.rotate();
    expect(report.outcome).toBe("copied");
    expect(world.said).toContain("No rotation: only the list of stores is new; the stored secret works");
    expect(world.stores[0]?.document?.stores).toEqual(["file:/a"]);
  });

  test("of a secret that is dead is a regeneration", async () => {
    const world = new World({ "file:/a": { document: documentOf() }, "file:/b": {} });
    const report = await world.rotate();
    expect(report).toMatchObject({
      outcome: "regenerated",
      reason: "the stored secret does not log in (invalid_client)",
    });
  });

  test("when it cannot be told whether the secret works stops before anything", async () => {
    const world = new World({ "file:/a": { document: documentOf() }, "file:/b": {} });
    const failure = { kind: "no answer", reason: "ECONNREFUSED", neverSent: true, untrusted: false } as const;
    world.genesys.logins.push({ kind: "unavailable", failure });
    const report = await world.rotate();
    expect(report.error).toBeInstanceOf(StoreNotReadyError);
    expect(report.error).toMatchObject({
      message:
        "It cannot be told whether the stored secret works: No answer from Genesys Cloud (ECONNREFUSED).",
      remedy: "Run again when the login service answers.",
    });
    expect(report).toMatchObject({ outcome: "failed", secret: "not changed" });
    expect(world.record.filter((line) => /regenerate|write/.test(line))).toEqual([]);
  });

  test("that cannot be written leaves the live secret where it was", async () => {
    const world = new World({
      "file:/a": { document: documentOf() },
      "file:/b": { faults: { write: [down()] } },
    });
    world.genesys.live.set("c1", "s1");
    const report = await world.rotate();
    expect(report.error).toMatchObject({
      exitCode: 6,
      message: "The working secret could not be copied into file:/b (it is down).",
      remedy: "Mend the store, then run again; the other stores still hold the live secret.",
    });
    expect(report.secret).toBe("not changed");
    // The list that would call it done is not written.
    expect(world.stores[0]?.document?.stores).toEqual(["file:/a"]);
    expect(World.holdings(report)).toEqual(["file:/a verified", "file:/b not written: it is down"]);
  });
});

describe("a secret that a broken run left staged", () => {
  const staged = documentOf({ stores: ["vault:secret/a"] });

  test("is made current when it lives, before anything else is tried", async () => {
    const world = new World({ "vault:secret/a": { staged }, "file:/b": {} });
    world.genesys.live.set("c1", "s1");
    const report = await world.rotate();
    expect(report.outcome).toBe("copied");
    expect(world.said).toContain(
      "vault:secret/a: a run that broke off had staged a secret that lives; it is current now",
    );
    expect(world.record.indexOf("vault:secret/a promote")).toBeLessThan(
      world.record.indexOf("ignore interrupts"),
    );
  });

  test("is left to the next write when it is dead", async () => {
    const world = new World({ "vault:secret/a": { staged } });
    const report = await world.rotate();
    expect(report.outcome).toBe("regenerated");
    expect(world.said.join()).not.toContain("staged");
  });

  test("is nobody's business when it is another client's", async () => {
    const world = new World({ "vault:secret/a": { staged: { ...staged, clientId: "other" } } });
    await world.rotate();
    expect(world.record.filter((line) => line.startsWith("log in other"))).toEqual([]);
  });

  test.each(["readStaged", "promote", "read"] as const)(
    "a store that fails to %s ends the run before the call",
    async (call) => {
      const world = new World({ "vault:secret/a": { staged, faults: { [call]: [down()] } } });
      if (call !== "read") world.genesys.live.set("c1", "s1");
      const report = await world.rotate();
      expect(report.error).toMatchObject({
        exitCode: 6,
        message: "The store vault:secret/a is not ready: it is down.",
        remedy: "Make it readable, then run again.",
      });
      expect(world.record.filter((line) => line.startsWith("regenerate"))).toEqual([]);
      expect(world.record.slice(-2)).toEqual(["sign out", "vault:secret/a release"]);
    },
  );
});

describe("refused before the call", () => {
  test("a store that is not ready: the next is not even asked, and all are released", async () => {
    const fault = new StoreNotReadyError("not ready", "mend it");
    const world = new World({ "file:/a": { faults: { prepare: [fault] } }, "file:/b": {} });
    const report = await world.rotate();
    expect(report).toMatchObject({ outcome: "failed", secret: "not changed", error: fault });
    expect(world.record).toEqual([
      "sign in",
      "find",
      "file:/a prepare",
      "ignore interrupts",
      "sign out",
      "file:/a release",
      "file:/b release",
    ]);
    expect(World.holdings(report)).toEqual(["file:/a untouched", "file:/b untouched"]);
  });

  test("the admin's own client", async () => {
    const world = new World({ "file:/a": {} });
    world.genesys.adminClientId = "c1";
    const report = await world.rotate();
    expect(report.error).toMatchObject({ exitCode: 5, code: "ERR_CLIENT_IS_ADMIN" });
    expect(report.client).toEqual(ORDERS);
    expect(world.record).not.toContain("file:/a prepare");
  });
});

describe("the call itself", () => {
  test("refused: not changed, no store is written", async () => {
    const world = new World({ "file:/a": {} });
    const refused = new PermissionError("no", { code: "ERR_PERMISSION", remedy: "ask" });
    world.genesys.regenerateFault = refused;
    const report = await world.rotate();
    expect(report).toMatchObject({ outcome: "failed", secret: "not changed", error: refused });
    expect(World.holdings(report)).toEqual(["file:/a untouched"]);
  });

  test("its answer lost: perhaps changed, and no store holds it", async () => {
    const world = new World({ "file:/a": {} });
    world.genesys.regenerateFault = new NotStoredError("lost", {
      code: "ERR_ANSWER_LOST",
      remedy: "again",
      secret: "perhaps changed",
    });
    const report = await world.rotate();
    expect(report.secret).toBe("perhaps changed");
    expect(World.holdings(report)).toEqual(["file:/a not written"]);
  });

  test("a fault nobody foresaw: perhaps changed, with no word of the fault's own", async () => {
    const world = new World({ "file:/a": {} });
    world.genesys.regenerateFault = new TypeError("s3cret in a message");
    const report = await world.rotate();
    expect(report.error).toMatchObject({
      exitCode: 1,
      code: "ERR_DEFECT",
      secret: "perhaps changed",
      remedy: "Run again, which heals; and please report this.",
    });
    expect(report.error?.message).toMatch(/^A defect of this program: TypeError/);
    expect(report.error?.message).not.toContain("s3cret");
    expect(World.holdings(report)).toEqual(["file:/a not written"]);
  });
});

describe("after the call", () => {
  test("a store that is down for a while is written again", async () => {
    const world = new World({ "file:/a": { faults: { write: [down(), 2] } } });
    const report = await world.rotate();
    expect(report.outcome).toBe("regenerated");
    expect(world.said.filter((line) => line.startsWith("!"))).toEqual([
      "! file:/a: it is down; trying again",
    ]);
    expect(world.record.filter((line) => line.includes("write"))).toHaveLength(3);
  });

  test("a store that stays down: the others hold the secret, and the report says which", async () => {
    const world = new World({
      "file:/a": { faults: { write: [down()] } },
      "file:/b": {},
      "stdout:": { readable: false },
    });
    const report = await world.rotate();
    expect(report.error).toBeInstanceOf(NotStoredError);
    expect(report.error).toMatchObject({
      code: "ERR_NOT_STORED",
      secret: "changed",
      message: "1 of 3 stores could not be written; an older secret there is dead.",
      remedy: "Mend the stores listed as not written, then run again: that heals all of them.",
    });
    expect(World.holdings(report)).toEqual([
      "file:/a not written: it is down",
      "file:/b verified",
      "stdout: acknowledged",
    ]);
  });

  test("an unforeseen fault of one store keeps the secret from no other, and says nothing of itself", async () => {
    const world = new World({ "file:/a": { faults: { write: [new TypeError("s3cret")] } }, "file:/b": {} });
    const report = await world.rotate();
    expect(World.holdings(report)).toEqual([
      "file:/a not written: it failed for an unforeseen reason",
      "file:/b verified",
    ]);
  });

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
        message: "The secret is stored, but it does not log in: other runs keep writing it.",
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
      const failure = {
        kind: "no answer",
        reason: "ECONNRESET",
        neverSent: false,
        untrusted: false,
      } as const;
      const world = new World({ "file:/a": { overtakenBy: [theirs] } });
      world.genesys.logins.push({ kind: "accepted" }, { kind: "unavailable", failure });
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

  test("a store that cannot be read back is not verified", async () => {
    const world = new World({ "file:/a": { faults: { read: [down(), 20] } } });
    world.stores[0]?.letThrough("read", 1);
    const report = await world.rotate();
    expect(World.holdings(report)).toEqual(["file:/a unverified: it is down"]);
    expect(report.error?.message).toBe("The secret is stored, but it does not log in: it is down.");
  });

  test("a store that can be read back after a while is verified", async () => {
    const world = new World({ "file:/a": { faults: { read: [down(), 1] } } });
    world.stores[0]?.letThrough("read", 1);
    expect(World.holdings(await world.rotate())).toEqual(["file:/a verified"]);
  });

  test("a login service that lags is asked again, and told about once", async () => {
    const world = new World({ "file:/a": {} });
    world.genesys.logins.push(
      { kind: "refused", reason: "invalid_client" },
      { kind: "refused", reason: "invalid_client" },
    );
    const report = await world.rotate();
    expect(report.outcome).toBe("regenerated");
    expect(world.said.filter((line) => line.includes("not accept"))).toEqual([
      "The login service does not accept the new secret yet; trying again",
    ]);
  });

  test("a login service that goes on refusing: stored, not verified, nothing staged becomes current", async () => {
    const world = new World({ "vault:secret/a": { staged: null } });
    world.genesys.logins.push(...Array(20).fill({ kind: "refused", reason: "invalid_client" }));
    const report = await world.rotate();
    expect(report.error).toMatchObject({
      exitCode: 9,
      message: "The secret is stored, but it does not log in: the login service refuses it: invalid_client.",
    });
    expect(world.record.filter((line) => line.includes("promote"))).toEqual([]);
    // Within its limit of a second: after 0, 250 and 750 ms.
    expect(world.record.filter((line) => line.startsWith("log in"))).toEqual([
      LOGIN,
      "log in c1 new1 CLIENT-CREDENTIALS 750",
      "log in c1 new1 CLIENT-CREDENTIALS 250",
    ]);
  });

  test("a write-only store alone is not verified when the login is refused", async () => {
    const world = new World({ "stdout:": { readable: false } });
    world.genesys.logins.push(...Array(20).fill({ kind: "refused", reason: "invalid_client" }));
    expect((await world.rotate()).error?.exitCode).toBe(9);
  });

  test("what was staged and cannot be made current counts as not written", async () => {
    const world = new World({ "vault:secret/a": { staged: null, faults: { promote: [down()] } } });
    const report = await world.rotate();
    expect(World.holdings(report)).toEqual([
      "vault:secret/a not written: staged, but not made current: it is down",
    ]);
    expect(report.error?.exitCode).toBe(8);
  });
});

describe("an interrupt", () => {
  test("before the call stops at once", async () => {
    const world = new World({ "file:/a": {} });
    world.interrupts.interrupt("SIGINT");
    const report = await world.rotate();
    expect(report.error).toBeInstanceOf(InterruptedError);
    expect(report.error).toMatchObject({
      exitCode: 130,
      message: "Interrupted before the secret was touched.",
      remedy: "Run again when you are ready.",
    });
    expect(world.record.filter((line) => line.startsWith("regenerate"))).toEqual([]);
  });

  test("when the parent is gone just before the call, nothing is called", async () => {
    const world = new World({ "file:/a": {} });
    world.interrupts = new Interrupts(() => true);
    const report = await world.rotate();
    expect(report.error).toMatchObject({ exitCode: 143, secret: "not changed" });
    expect(world.record.filter((line) => line.startsWith("regenerate"))).toEqual([]);
  });

  test("after it waits until the secret is stored and logs in", async () => {
    const world = new World({ "file:/a": {} });
    world.genesys.onRegenerate = () => world.interrupts.interrupt("SIGTERM");
    const report = await world.rotate();
    expect(report.error).toMatchObject({
      exitCode: 143,
      secret: "changed",
      message: "Interrupted; the work was finished first: the secret is stored and logs in.",
      remedy: "Nothing has to be done. Under Terraform the next apply runs this once more.",
    });
    expect(World.holdings(report)).toEqual(["file:/a verified"]);
    expect(world.stores[0]?.document?.clientSecret.reveal()).toBe("new1");
  });
});
