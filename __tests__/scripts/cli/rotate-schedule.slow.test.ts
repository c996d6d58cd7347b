import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatSchedule, type Schedule, slotAt } from "../../../scripts/core/schedule";
import { entry, Fleet } from "../../helpers/fleet";
import { runProgram } from "../../helpers/program";

let fleet: Fleet;
afterEach(() => fleet.end());

const HOUR = 3_600;
const OUTSIDE = " (outside Terraform)";

/** Slots of a day, of which the present one began so many hours ago. */
function daily(hoursAgo: number): Schedule {
  return { period: 24 * HOUR, start: Math.floor(Date.now() / 1000) - hoursAgo * HOUR - 10 * 24 * HOUR };
}

const scheduled = (schedule: Schedule, name = "service-0"): object => ({
  name,
  stores: [`file:./${name}.json`],
  schedule: formatSchedule(schedule),
});

/** What Terraform's local-exec runs when the plan has the slot. */
const terraform = (id: string, rotation: string) =>
  runProgram(
    ["regenerate", "--client-id", id, "--store", "file:./service-0.json", "--rotation", rotation],
    { ...fleet.sandbox.environment },
    join(fleet.folder, "stack"),
  );

describe("a client with a schedule", () => {
  test("has one rotation a slot, however often it is looked at", async () => {
    fleet = await Fleet.start();
    const [id] = fleet.clients(1).ids as [string];
    const schedule = daily(1);
    fleet.write([scheduled(schedule)]);
    for (let times = 0; times < 3; times++) expect((await fleet.rotate(["--due"])).code).toBe(0);
    expect(fleet.rotations(id)).toBe(1);
    expect(fleet.stored("service-0").rotation).toBe(slotAt(schedule, new Date()).id + OUTSIDE);
  });

  test("is due again when its slot has passed", async () => {
    fleet = await Fleet.start();
    const [id] = fleet.clients(1).ids as [string];
    const schedule = daily(1);
    fleet.write([scheduled(schedule)]);
    await fleet.rotate(["--due"]);
    // The stores say what a rotation of yesterday would have left.
    const path = join(fleet.folder, "stack", "service-0.json");
    const yesterday = slotAt(schedule, new Date(Date.now() - 24 * HOUR * 1000)).id;
    const document = JSON.parse(readFileSync(path, "utf8"));
    writeFileSync(path, JSON.stringify({ ...document, rotation: yesterday }));
    expect((await fleet.rotate(["--due"])).stdout).toContain("1  regenerated");
    expect(fleet.rotations(id)).toBe(2);
  });

  test("is not rotated by Terraform in a slot in which it was rotated here", async () => {
    fleet = await Fleet.start();
    const [id] = fleet.clients(1).ids as [string];
    const schedule = daily(1);
    fleet.write([scheduled(schedule)]);
    await fleet.rotate(["--due"]);
    const slot = slotAt(schedule, new Date()).id;
    expect(await terraform(id, slot)).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("this rotation was done outside Terraform"),
    });
    expect(fleet.rotations(id)).toBe(1);
    // And it is still not due here.
    expect((await fleet.rotate(["--due"])).stdout).toContain("1  not due");
  });

  test("is not rotated here in a slot in which Terraform has rotated it, unless all are asked for", async () => {
    fleet = await Fleet.start();
    const [id] = fleet.clients(1).ids as [string];
    const schedule = daily(1);
    fleet.write([scheduled(schedule)]);
    const slot = slotAt(schedule, new Date()).id;
    expect((await terraform(id, slot)).code).toBe(0);
    expect((await fleet.rotate(["--due"])).stdout).toContain("1  not due");
    expect((await fleet.rotate()).stdout).toContain("1  regenerated");
    expect(fleet.rotations(id)).toBe(2);
    // Terraform knows this slot's rotation already: to it nothing has changed.
    expect(fleet.stored("service-0").rotation).toBe(slot);
  });

  test("gets its first secret before its first slot, and no other", async () => {
    fleet = await Fleet.start();
    const [id] = fleet.clients(1).ids as [string];
    fleet.write([scheduled({ period: 24 * HOUR, start: Math.floor(Date.now() / 1000) + HOUR })]);
    for (let times = 0; times < 2; times++) expect((await fleet.rotate(["--due"])).code).toBe(0);
    expect(fleet.rotations(id)).toBe(1);
  });
});

describe("twins", () => {
  const twins = (rotation: object): object => ({
    ...entry("orders"),
    rotation: undefined,
    name: "orders (A)",
    twin: "orders (B)",
    ...rotation,
  });
  const add = (): [string, string] => [
    fleet.sandbox.addClient({ name: "orders (A)" }).id,
    fleet.sandbox.addClient({ name: "orders (B)" }).id,
  ];

  test("take turns, and the one that was in use keeps its secret", async () => {
    fleet = await Fleet.start();
    const ids = add();
    fleet.write([twins({ rotation: "version:1" })]);
    expect((await fleet.rotate(["--json"])).code).toBe(0);
    const first = fleet.stored("orders");
    expect(first.client_id).toBe(ids[0]);
    const result = await fleet.rotate(["--json"]);
    expect(JSON.parse(result.stdout)).toMatchObject({
      counts: { regenerated: 1 },
      clients: [{ name: "orders (B)", client_id: ids[1], idle: { id: ids[0], name: "orders (A)" } }],
    });
    const second = fleet.stored("orders");
    expect(second.client_id).toBe(ids[1]);
    expect(fleet.sandbox.accepts(second.client_id, second.client_secret)).toBe(true);
    expect(fleet.sandbox.accepts(first.client_id, first.client_secret)).toBe(true);
    expect(ids.map((id) => fleet.rotations(id))).toEqual([1, 1]);
  });

  test("by schedule have one turn a slot, by names and by ids", async () => {
    fleet = await Fleet.start();
    const ids = add();
    const schedule = formatSchedule(daily(1));
    for (const pair of [
      twins({ schedule }),
      twins({ schedule, name: undefined, clientId: ids[0], twin: ids[1] }),
    ]) {
      fleet.write([pair]);
      expect((await fleet.rotate(["--due"])).code).toBe(0);
    }
    expect(ids.map((id) => fleet.rotations(id))).toEqual([1, 0]);
  });

  test("of an interrupted run are not rotated a second time: consumers may not have read the first secret yet", async () => {
    fleet = await Fleet.start();
    const ids = add();
    fleet.clients(1);
    fleet.write([twins({ rotation: "version:1" })]);
    await fleet.rotate();
    const before = fleet.stored("orders");
    const started = new Date().toISOString();
    await fleet.rotate();
    expect(fleet.stored("orders").client_id).toBe(ids[1]);
    // Killed after the turn and before it was noted; another client was.
    const other = { id: fleet.sandbox.admin.clientId, at: started };
    writeFileSync(`${fleet.manifest}.progress`, `${JSON.stringify({ started })}\n${JSON.stringify(other)}\n`);
    const result = await fleet.rotate(["--json"]);
    expect(JSON.parse(result.stdout).counts).toEqual({ "done before": 1 });
    expect(ids.map((id) => fleet.rotations(id))).toEqual([1, 1]);
    expect(fleet.sandbox.accepts(before.client_id, before.client_secret)).toBe(true);
  });

  test("fail together when one of them is not there, and are named by either", async () => {
    fleet = await Fleet.start();
    fleet.sandbox.addClient({ name: "orders (A)" });
    fleet.write([twins({ rotation: "version:1" })]);
    const result = await fleet.rotate(["--only", "orders (B)", "--json"]);
    expect(result.code).toBe(8);
    expect(JSON.parse(result.stdout).clients).toMatchObject([
      { outcome: "failed", error: { message: expect.stringContaining('"orders (B)"') } },
    ]);
  });
});
