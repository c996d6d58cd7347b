import { NotStoredError, StoreFault } from "../../../scripts/core/errors";
import { down, World } from "./world";

const LOGIN = "log in c1 new1 CLIENT-CREDENTIALS 1000";

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

  test("a store that asks to wait is written again after that time, and not sooner", async () => {
    const busy = new StoreFault("it is busy", 15_000);
    const world = new World({ "file:/a": { faults: { write: [busy] } } });
    await world.rotate({ retryFor: 40_000 });
    // At once, after 15 seconds, and after 30.
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
      message: "1 of 3 stores could not be written; an older secret there is invalid.",
      remedy:
        "Mend the stores listed as not written, then run again. Should that run end with 9, set a new rotation id.",
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

  test("a store that cannot be read back is not verified", async () => {
    const world = new World({ "file:/a": { faults: { read: [down(), 20] } } });
    world.stores[0]?.letThrough("read", 1);
    const report = await world.rotate();
    expect(World.holdings(report)).toEqual(["file:/a unverified: it is down"]);
    expect(report.error?.message).toBe(
      "The secret is stored, but not every store was seen to hold it: it is down.",
    );
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
