import {
  InterruptedError,
  NotStoredError,
  PermissionError,
  StoreNotReadyError,
} from "../../../scripts/core/errors";
import { Interrupts } from "../../../scripts/rotation/interrupts";
import { ORDERS, World } from "./world";

describe("before the call", () => {
  test("a store that is not ready ends the run: the next is not even asked, and all are released", async () => {
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

  test("the admin's own client is refused", async () => {
    const world = new World({ "file:/a": {} });
    world.genesys.adminClientId = "c1";
    const report = await world.rotate();
    expect(report.error).toMatchObject({ exitCode: 5, code: "ERR_CLIENT_IS_ADMIN" });
    expect(report.client).toEqual(ORDERS);
    expect(world.record).not.toContain("file:/a prepare");
  });
});

describe("the call itself", () => {
  test("is refused: not changed, no store is written", async () => {
    const world = new World({ "file:/a": {} });
    const refused = new PermissionError("no", { code: "ERR_PERMISSION", remedy: "ask" });
    world.genesys.regenerateFault = refused;
    const report = await world.rotate();
    expect(report).toMatchObject({ outcome: "failed", secret: "not changed", error: refused });
    expect(World.holdings(report)).toEqual(["file:/a untouched"]);
  });

  test("loses its answer: perhaps changed, and no store holds it", async () => {
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

  test("meets a fault nobody foresaw: perhaps changed, with no word of the fault's own", async () => {
    const world = new World({ "file:/a": {} });
    world.genesys.regenerateFault = new TypeError("s3cret in a message");
    const report = await world.rotate();
    expect(report.error).toMatchObject({
      exitCode: 1,
      code: "ERR_DEFECT",
      secret: "perhaps changed",
      remedy: "Run again; and please report this.",
    });
    expect(report.error?.message).toMatch(/^A defect of this program: TypeError/);
    expect(report.error?.message).not.toContain("s3cret");
    expect(World.holdings(report)).toEqual(["file:/a not written"]);
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
