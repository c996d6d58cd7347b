import { Interrupts } from "../../../scripts/rotation/interrupts";
import { documentOf, down, World } from "./world";

/** A store that holds a living secret of this rotation. */
function holding(rotation = "version:1"): World {
  const world = new World({ "file:/a": { document: documentOf({ rotation }) } });
  world.genesys.live.set("c1", "s1");
  return world;
}

describe("force", () => {
  test("regenerates what a copy would have spared", async () => {
    const world = new World({ "file:/a": { document: documentOf() }, "file:/b": {} });
    world.genesys.live.set("c1", "s1");
    const report = await world.rotate({ force: true });
    expect(report).toMatchObject({ outcome: "regenerated", reason: "it was asked for" });
    expect(world.stores[1]?.document?.rotation).toBe("version:1");
  });

  test("does not even ask whether the stored secret lives", async () => {
    const world = holding();
    await world.rotate({ force: true });
    expect(world.record.filter((line) => line.startsWith("log in c1 s1"))).toEqual([]);
  });
});

describe("outside Terraform", () => {
  test("a new rotation is noted as done there", async () => {
    const world = holding();
    await world.rotate({ rotation: "slot 2", outside: true });
    expect(world.stores[0]?.document?.rotation).toBe("slot 2 (outside Terraform)");
  });

  test("one that Terraform has noted itself stays its own", async () => {
    const world = holding("slot 2");
    await world.rotate({ rotation: "slot 2", outside: true });
    expect(world.stores[0]?.document?.rotation).toBe("slot 2");
  });

  test("nor does it matter that another store has lost it", async () => {
    const world = new World({ "file:/a": { document: documentOf({ rotation: "slot 2" }) }, "file:/b": {} });
    await world.rotate({ rotation: "slot 2", outside: true, force: true });
    expect(world.stores[1]?.document?.rotation).toBe("slot 2");
  });

  test("none is none", async () => {
    const world = holding();
    await world.rotate({ rotation: null, outside: true });
    expect(world.stores[0]?.document?.rotation).toBeNull();
  });

  test("Terraform then spares it once, and notes it as its own", async () => {
    const world = holding("slot 2 (outside Terraform)");
    const report = await world.rotate({ rotation: "slot 2" });
    expect(report).toMatchObject({ outcome: "copied", reason: "this rotation was done outside Terraform" });
    expect(world.record.filter((line) => line.includes("write"))).toEqual(["file:/a write c1 s1"]);
    expect(world.stores[0]?.document?.rotation).toBe("slot 2");
  });
});

describe("in what order", () => {
  test("stores are readied by their names, whatever the order in which they are named", async () => {
    const world = new World({ "file:/b": {}, "file:/c": {}, "file:/a": {} });
    await world.rotate();
    expect(world.record.filter((line) => line.endsWith("prepare"))).toEqual([
      "file:/a prepare",
      "file:/b prepare",
      "file:/c prepare",
    ]);
    expect(world.stores[0]?.document?.stores).toEqual(["file:/b", "file:/c", "file:/a"]);
  });

  test("an interrupt while stores are readied leaves the next alone, and what was taken is given back", async () => {
    const world = new World({ "file:/a": {}, "file:/b": {} });
    world.stores[0]?.onPrepare(() => world.interrupts.interrupt("SIGINT"));
    const report = await world.rotate();
    expect(report.error?.exitCode).toBe(130);
    expect(world.record).not.toContain("file:/b prepare");
    expect(world.record.at(-1)).toBe("file:/b release");
  });

  test("what is still being readied when an interrupt comes is released after it is ready", async () => {
    const world = new World({ "file:/a": {} });
    world.stores[0]?.onPrepare(async () => {
      world.interrupts.interrupt("SIGTERM");
      await new Promise((resolve) => setTimeout(resolve, 500));
      world.record.push("file:/a is ready");
    });
    await world.rotate();
    expect(world.record.slice(-5)).toEqual([
      "file:/a is ready",
      "file:/a read",
      "ignore interrupts",
      "sign out",
      "file:/a release",
    ]);
  });
});

describe("a copy that goes wrong", () => {
  const apart = { "file:/a": { document: documentOf() }, "file:/b": {} };

  test("whose secret dies meanwhile has changed nothing, and says so", async () => {
    const world = new World(apart);
    world.genesys.live.set("c1", "s1");
    world.genesys.logins.push(
      { kind: "accepted" },
      ...Array(20).fill({ kind: "refused", reason: "invalid_client" }),
    );
    const report = await world.rotate();
    expect(report.error).toMatchObject({
      exitCode: 6,
      message:
        "The working secret was copied, but it does not log in: the login service refuses it: invalid_client.",
      remedy: "If another run was later, its secret counts. Otherwise run again in a minute.",
    });
  });

  test("several stores that fail are all named", async () => {
    const broken = { faults: { write: [down()] } } as const;
    const world = new World({ "file:/a": { document: documentOf() }, "file:/b": broken, "file:/c": broken });
    world.genesys.live.set("c1", "s1");
    expect((await world.rotate()).error?.message).toBe(
      "The working secret could not be copied into file:/b (it is down), file:/c (it is down).",
    );
  });

  test("an interrupt in it ends the run when the new store is written, before the list is", async () => {
    const world = new World(apart);
    world.genesys.live.set("c1", "s1");
    world.stores[1]?.onWrite(() => world.interrupts.interrupt("SIGINT"));
    const report = await world.rotate();
    expect(report.error).toMatchObject({ exitCode: 130, secret: "not changed" });
    expect(world.stores.map(({ document }) => document?.stores)).toEqual([
      ["file:/a"],
      ["file:/a", "file:/b"],
    ]);
  });
});

test("the same rotation id with the same stores is a wish for a new secret", async () => {
  const world = holding();
  const report = await world.rotate();
  expect(report).toMatchObject({
    outcome: "regenerated",
    reason: "it was asked for again, with the same stores and rotation id",
  });
});

test("a defect in a store before the call is called a defect", async () => {
  const world = new World({ "file:/a": { faults: { read: [new TypeError("s3cret")] } } });
  const report = await world.rotate();
  expect(report.error).toMatchObject({ code: "ERR_DEFECT", secret: "not changed" });
  expect(report.error?.message).not.toContain("s3cret");
});

test("a parent that is there does not keep the run from the call", async () => {
  const world = new World({ "file:/a": {} });
  world.interrupts = new Interrupts(() => false);
  expect((await world.rotate()).outcome).toBe("regenerated");
});
