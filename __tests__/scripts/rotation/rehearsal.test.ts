import { StoreFault } from "../../../scripts/core/errors";
import { Secret } from "../../../scripts/core/secret";
import { STAND_IN } from "../../../scripts/rotation/rehearsal";
import { documentOf, World } from "./world";

const refused = (): StoreFault => new StoreFault("the policy forbids it (403)");
const HELD = documentOf({ clientSecret: new Secret("s-c1"), stores: ["file:/a"] });

describe("before the irreversible call", () => {
  test("the write into each store is rehearsed, after all of them were read", async () => {
    const world = new World({ "file:/a": {}, "file:/b": {} });
    await world.rotate();
    const steps = world.record.filter((step) => / (read|rehearse|write)|regenerate/.test(step));
    expect(steps.slice(0, 5)).toEqual([
      "file:/a read",
      "file:/b read",
      "file:/a rehearse c1 version:1",
      "file:/b rehearse c1 version:1",
      "regenerate c1",
    ]);
  });

  test("a rehearsal gets every field that the write will have, and no secret", async () => {
    const world = new World({ "file:/a": { document: documentOf({ clientSecret: new Secret("old") }) } });
    await world.rotate({ rotation: "version:2" });
    expect(world.stores[0]?.rehearsed).toEqual({
      ...documentOf({ rotation: "version:2" }),
      regeneratedAt: expect.any(String),
      clientSecret: STAND_IN,
    });
    expect(STAND_IN.reveal()).toHaveLength(43);
  });

  test("a store that refuses its rehearsal ends the run with 6, and nothing was regenerated or written", async () => {
    const world = new World({ "file:/a": {}, "file:/b": { faults: { rehearse: [refused()] } } });
    const report = await world.rotate();
    expect(report).toMatchObject({
      secret: "not changed",
      error: {
        exitCode: 6,
        message:
          "The store file:/b is not ready: a rehearsal of the write failed: the policy forbids it (403).",
        remedy: "Correct that, then run again; the present secret was not replaced.",
      },
    });
    expect(world.record.filter((step) => /regenerate| write /.test(step))).toEqual([]);
    expect(world.record).toContain("file:/b release");
  });

  test("an interrupt between two rehearsals ends the run before the call", async () => {
    const world = new World({ "file:/a": {}, "file:/b": {} });
    world.stores[0]?.onRehearse(() => world.interrupts.interrupt("SIGINT"));
    const report = await world.rotate();
    expect(report.error).toMatchObject({ exitCode: 130, secret: "not changed" });
    expect(world.record.filter((step) => /file:\/b rehearse|regenerate/.test(step))).toEqual([]);
  });

  test("a run that only copies rehearses nothing: there is nothing to lose", async () => {
    const world = new World({ "file:/a": { document: HELD }, "file:/b": {} });
    const report = await world.rotate();
    expect(report.outcome).toBe("copied");
    expect(world.record.filter((step) => step.includes("rehearse"))).toEqual([]);
  });
});

describe("a dry run", () => {
  test("leaves the stores alone, and says what it did not try", async () => {
    const world = new World({ "file:/a": {} });
    const report = await world.rotate({ dryRun: true });
    expect(world.record).toContain("file:/a prepare dry");
    expect(world.record.filter((step) => step.includes("rehearse"))).toEqual([]);
    expect(report.stores).toEqual([
      { uri: "file:/a", holds: "untouched", notTried: "the write itself (--rehearse tries it)" },
    ]);
  });

  test("tries the writes when it is asked to, and leaves out what it tried", async () => {
    const world = new World({ "file:/a": {} });
    const report = await world.rotate({ dryRun: true, rehearse: true });
    expect(world.record).toContain("file:/a prepare");
    expect(world.record).toContain("file:/a rehearse c1 version:1");
    expect(report.stores).toEqual([{ uri: "file:/a", holds: "untouched", notTried: undefined }]);
    expect(world.record.filter((step) => /regenerate| write /.test(step))).toEqual([]);
  });

  test("says what even a rehearsal cannot show", async () => {
    const world = new World({ "file:/a": { notRehearsed: "whether the disk lasts" } });
    const dry = await world.rotate({ dryRun: true });
    expect(dry.stores[0]?.notTried).toBe("the write itself (--rehearse tries it); whether the disk lasts");
    const tried = await world.rotate({ dryRun: true, rehearse: true });
    expect(tried.stores[0]?.notTried).toBe("whether the disk lasts");
  });

  test("of a copy, tries the stores that the copy would write, and no other", async () => {
    const world = new World({ "file:/a": { document: HELD }, "file:/b": {} });
    await world.rotate({ dryRun: true, rehearse: true });
    expect(world.record.filter((step) => step.includes("rehearse"))).toEqual([
      // Its list of stores is to become longer.
      "file:/a rehearse c1 version:1",
      "file:/b rehearse c1 version:1",
    ]);
  });
});
