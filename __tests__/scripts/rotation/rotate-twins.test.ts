import { NotVerifiedError, StoreNotReadyError } from "../../../scripts/core/errors";
import { Secret } from "../../../scripts/core/secret";
import { documentOf, down, ORDERS, SPARE, type StoreTraits, World } from "./world";

const A = documentOf({ clientSecret: new Secret("a1"), stores: ["file:/a", "file:/b"] });
const B = documentOf({
  clientId: "c2",
  clientSecret: new Secret("b1"),
  regeneratedAt: "2026-02-01T00:00:00.000Z",
  rotation: "version:2",
  stores: A.stores,
});

/** Both clients live, as the stores show them. */
function twins(stores: Readonly<Record<string, StoreTraits>>): World {
  const world = new World(stores, [ORDERS, SPARE]);
  world.genesys.live.set("c1", "a1").set("c2", "b1");
  return world;
}

const called = (world: World): string[] => world.record.filter((line) => line.startsWith("regenerate"));

test("the idle one is regenerated, seen to log in, and only then shown", async () => {
  const world = twins({ "file:/a": { document: A }, "file:/b": { document: A } });
  const report = await world.rotate({ rotation: "version:2" });
  expect(world.record.slice(world.record.indexOf("ignore interrupts"))).toEqual([
    "ignore interrupts",
    "regenerate c2",
    "log in c2 new1 CLIENT-CREDENTIALS 1000",
    "revoke token-c2",
    "file:/a write c2 new1",
    "file:/b write c2 new1",
    "log in c2 new1 CLIENT-CREDENTIALS 1000",
    "file:/a read",
    "file:/b read",
    "revoke token-c2",
    "ignore interrupts",
    "sign out",
    "file:/a release",
    "file:/b release",
  ]);
  expect(world.said.slice(-5)).toEqual([
    'Regenerating the secret of "spare", the idle one: the rotation id has changed to "version:2"',
    "Regenerated; logging in with the new secret before a store shows it",
    "Stored in file:/a",
    "Stored in file:/b",
    "Read back and logged in: it works",
  ]);
  expect(report).toMatchObject({ outcome: "regenerated", secret: "changed", client: SPARE, idle: ORDERS });
  expect(World.holdings(report)).toEqual(["file:/a verified", "file:/b verified"]);
  expect(world.stores[0]?.document).toMatchObject({
    clientId: "c2",
    rotation: "version:2",
    stores: A.stores,
  });
});

test("the secret that two stores share is tried once, and its token revoked", async () => {
  const world = twins({ "file:/a": { document: A }, "file:/b": { document: A } });
  await world.rotate({ rotation: "version:2" });
  const before = world.record.slice(0, world.record.indexOf("ignore interrupts"));
  expect(before.filter((line) => line.startsWith("log in"))).toEqual([
    "log in c1 a1 CLIENT-CREDENTIALS 2000",
    // Nobody knows the idle one's: a wrong secret shows whether this machine is let in.
    "log in c2 a-knock-at-the-door-with-no-secret-in-it---- - 2000",
  ]);
  expect(before.filter((line) => line.startsWith("revoke"))).toEqual(["revoke token-c1"]);
});

test("a CODE twin is tried as one", async () => {
  const world = new World({ "file:/a": { document: A } }, [
    { ...ORDERS, authorizedGrantType: "CODE" },
    SPARE,
  ]);
  world.genesys.live.set("c1", "a1");
  await world.rotate({ rotation: "version:2" });
  expect(world.record).toContain("log in c1 a1 CODE 2000");
});

test("the rotation id that is done is not done again, and what is there is verified", async () => {
  const world = twins({ "file:/a": { document: A }, "file:/b": { document: A } });
  const report = await world.rotate();
  expect(called(world)).toEqual([]);
  expect(report).toMatchObject({
    outcome: "copied",
    client: ORDERS,
    idle: SPARE,
    reason: 'the rotation "version:1" is done',
  });
  expect(world.record.filter((line) => line.includes("write"))).toEqual([]);
});

test("unless it is asked for again", async () => {
  const world = twins({ "file:/a": { document: A }, "file:/b": { document: A } });
  const report = await world.rotate({ again: true });
  expect(called(world)).toEqual(["regenerate c2"]);
  expect(report.reason).toBe("it was asked for again");
});

test("stores that a broken run left apart are brought together, and nothing is regenerated", async () => {
  const world = twins({ "file:/a": { document: A }, "file:/b": { document: B } });
  const report = await world.rotate({ rotation: "version:3" });
  expect(called(world)).toEqual([]);
  expect(world.record.filter((line) => line.includes("write"))).toEqual([
    "file:/a write c2 b1",
    "file:/b write c2 b1",
  ]);
  expect(report.reason).toMatch(/^a rotation was interrupted, and is finished; it counts as "version:3"/);
  expect(world.stores.map(({ document }) => document?.clientId)).toEqual(["c2", "c2"]);
});

test("a newer secret that is dead is written over by the one that lives", async () => {
  const world = twins({ "file:/a": { document: A }, "file:/b": { document: B } });
  world.genesys.live.set("c2", "another");
  const report = await world.rotate({ rotation: "version:1" });
  expect(called(world)).toEqual([]);
  expect(report.client).toEqual(ORDERS);
  expect(world.stores[1]?.document?.clientSecret.reveal()).toBe("a1");
});

test("another client's secret that is invalid counts as none", async () => {
  const world = twins({ "file:/a": { document: documentOf({ clientId: "c9" }) } });
  const report = await world.rotate();
  expect(called(world)).toEqual(["regenerate c1"]);
  expect(report.reason).toBe("no store holds a secret of these clients yet");
});

test("what a broken run left staged is made current, and that was this run's turn", async () => {
  const stores = ["vault:secret/a", "file:/b"];
  const world = twins({
    "vault:secret/a": { document: { ...A, stores }, staged: { ...B, stores } },
    "file:/b": { document: { ...B, stores } },
  });
  const report = await world.rotate({ rotation: "version:2" });
  expect(called(world)).toEqual([]);
  expect(world.record).toContain("vault:secret/a promote");
  expect(report.reason).toMatch(/^a rotation was interrupted, and is finished: to regenerate/);
});

test("a new secret that does not log in is never shown", async () => {
  const world = twins({ "file:/a": { document: A } });
  // Alive is asked first.
  world.genesys.logins.push(
    { kind: "accepted" },
    ...Array(20).fill({ kind: "refused", reason: "invalid_client" }),
  );
  const report = await world.rotate({ rotation: "version:2" });
  expect(report.error).toBeInstanceOf(NotVerifiedError);
  expect(report.error).toMatchObject({
    code: "ERR_NOT_VERIFIED",
    secret: "changed",
    message:
      "The idle client's new secret does not log in: the login service refuses it: invalid_client. " +
      "The stores still show the other client, which works.",
    remedy: "Run again in a minute.",
  });
  expect(world.stores[0]?.document).toEqual(A);
  expect(World.holdings(report)).toEqual(["file:/a untouched"]);
});

test("a store that cannot be written still shows what works", async () => {
  const world = twins({ "file:/a": { document: A, faults: { write: [down()] } } });
  const report = await world.rotate({ rotation: "version:2" });
  expect(report.error).toMatchObject({
    exitCode: 8,
    message: "1 of 1 stores could not be written; they show what they showed before.",
  });
});

test("a login service out of reach stops the run before the call", async () => {
  const reply = { kind: "no answer", reason: "ECONNREFUSED", neverSent: true, untrusted: false } as const;
  const world = twins({ "file:/a": { document: A } });
  world.genesys.logins.push({ kind: "unavailable", reply });
  expect((await world.rotate({ rotation: "version:2" })).error).toBeInstanceOf(StoreNotReadyError);
  expect(called(world)).toEqual([]);
});

test("a twin that cannot be rotated ends the run, and is named", async () => {
  const world = new World({ "file:/a": {} }, [ORDERS, { ...SPARE, authorizedGrantType: "SAML2-BEARER" }]);
  const report = await world.rotate();
  expect(report.error).toMatchObject({ exitCode: 5, code: "ERR_CLIENT_GRANT" });
  expect(report.client?.id).toBe("c2");
});

test("the warnings of both are given, in their order", async () => {
  const world = twins({ "file:/a": {} });
  world.warnings = ["one thing", "another"];
  await world.rotate();
  expect(world.said.filter((line) => line.startsWith("!"))).toEqual([
    "! one thing",
    "! another",
    "! one thing",
    "! another",
  ]);
});
