import { StoreNotReadyError } from "../../../scripts/core/errors";
import { documentOf, down, World } from "./world";

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

  test("when it is not known whether the secret is valid stops before anything", async () => {
    const world = new World({ "file:/a": { document: documentOf() }, "file:/b": {} });
    const reply = { kind: "no answer", reason: "ECONNREFUSED", neverSent: true, untrusted: false } as const;
    world.genesys.logins.push({ kind: "unavailable", reply });
    const report = await world.rotate();
    expect(report.error).toBeInstanceOf(StoreNotReadyError);
    expect(report.error).toMatchObject({
      message:
        "It is not known whether the stored secret is valid: No answer from Genesys Cloud (ECONNREFUSED).",
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
      remedy: "Mend the store, then run again; the secret itself was not changed.",
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
      "vault:secret/a: a run that was interrupted had staged a secret that lives; it is current now",
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
    expect(world.said.join()).not.toContain("it is current now");
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
