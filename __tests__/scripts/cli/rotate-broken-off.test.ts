import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lock } from "proper-lockfile";
import { Fleet, isSecretCall, rowsOf } from "../../helpers/fleet";
import type { RunningProgram } from "../../helpers/program";

let fleet: Fleet;
afterEach(() => fleet.end());

const journal = (): string => `${fleet.manifest}.progress`;
const noted = (): string => readFileSync(journal(), "utf8");

/** Does something to the program when so many regenerating calls have arrived, before the last has its effect. */
function atCall(count: number, running: RunningProgram, work: (running: RunningProgram) => void): void {
  let calls = 0;
  fleet.sandbox.onRequest((request) => {
    if (!isSecretCall(request)) return;
    calls += 1;
    if (calls === count) work(running);
  });
}

describe("a run that is killed", () => {
  test("is taken up where it was: none is rotated twice but those in flight", async () => {
    fleet = await Fleet.start();
    const { ids, entries } = fleet.clients(30);
    fleet.write(entries);
    const first = fleet.start();
    atCall(12, first, ({ child }) => child.kill("SIGKILL"));
    const killed = await first.result;
    expect(killed.signal).toBe("SIGKILL");
    fleet.expectDiscreet(killed, noted());
    expect(statSync(journal()).mode & 0o777).toBe(0o600);
    const inFlight = ids.filter((id) => fleet.rotations(id) === 1 && !noted().includes(id));
    // Whose store shows that it has its new secret needs no second one.
    const stored = inFlight.filter((id) => isStored(id, ids.indexOf(id)));
    const done = ids.filter((id) => noted().includes(id));
    expect(inFlight.length).toBeLessThanOrEqual(8);
    expect(done.length).toBeGreaterThanOrEqual(4);

    const second = await fleet.rotate();
    expect(second.code).toBe(0);
    expect(second.stderr).toMatch(new RegExp(`^Resuming the run of .*: ${done.length} already done`, "m"));
    for (const [index, id] of ids.entries()) expect(fleet.isLive(id, `service-${index}`)).toBe(true);
    const twice = inFlight.filter((id) => !stored.includes(id));
    for (const id of ids) expect([id, fleet.rotations(id)]).toEqual([id, twice.includes(id) ? 2 : 1]);
    expect(existsSync(journal())).toBe(false);
  });

  test("in the middle of a line of its journal is taken up, too", async () => {
    fleet = await Fleet.start();
    const { ids, entries } = fleet.clients(3);
    fleet.write(entries);
    const [started, one] = [
      { started: new Date().toISOString() },
      { id: ids[0], at: new Date().toISOString() },
    ];
    writeFileSync(journal(), `${JSON.stringify(started)}\n${JSON.stringify(one)}\n{"id":"${ids[1]}`);
    expect((await fleet.rotate()).stderr).toContain(": 1 already done");
    expect(ids.map((id) => fleet.rotations(id))).toEqual([0, 1, 1]);
  });

  test.each([
    ["--fresh was given", 60_000, ["--fresh"]],
    ["it began more than a day ago", 25 * 3_600_000, []],
  ])("is not taken up when %s", async (_, ageMs, args) => {
    fleet = await Fleet.start();
    const { ids, entries } = fleet.clients(2);
    fleet.write(entries);
    const started = new Date(Date.now() - ageMs).toISOString();
    writeFileSync(
      journal(),
      `${JSON.stringify({ started })}\n${JSON.stringify({ id: ids[0], at: started })}\n`,
    );
    const { code, stderr } = await fleet.rotate(args);
    expect(code).toBe(0);
    expect(stderr).not.toContain("Resuming");
    expect(ids.map((id) => fleet.rotations(id))).toEqual([1, 1]);
  });

  test("of other clients is another run: --only rotates whoever it names", async () => {
    fleet = await Fleet.start();
    const { ids, entries } = fleet.clients(2);
    fleet.write(entries);
    const started = new Date().toISOString();
    const text = `${JSON.stringify({ started })}\n${JSON.stringify({ id: ids[0], at: started })}\n`;
    writeFileSync(journal(), text);
    expect((await fleet.rotate(["--only", "service-0"])).code).toBe(0);
    expect(ids.map((id) => fleet.rotations(id))).toEqual([1, 0]);
    expect(noted()).toBe(text);
  });

  test("by schedule needs no journal: what is done shows", async () => {
    fleet = await Fleet.start();
    const { ids, entries } = fleet.clients(16);
    fleet.write(entries);
    const first = fleet.start(["--due"]);
    atCall(8, first, ({ child }) => child.kill("SIGKILL"));
    await first.result;
    const halfway = ids.filter((id, index) => fleet.rotations(id) === 1 && !isStored(id, index));
    expect((await fleet.rotate(["--due"])).code).toBe(0);
    for (const [index, id] of ids.entries()) expect(fleet.isLive(id, `service-${index}`)).toBe(true);
    for (const id of ids) expect([id, fleet.rotations(id)]).toEqual([id, halfway.includes(id) ? 2 : 1]);
  });
});

function isStored(id: string, index: number): boolean {
  return (
    readdirSync(join(fleet.folder, "stack")).includes(`service-${index}.json`) &&
    fleet.isLive(id, `service-${index}`)
  );
}

describe("a run that is interrupted", () => {
  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 143],
  ] as const)(
    "by %s starts nobody any more, finishes those under way, and ends with %i",
    async (signal, code) => {
      fleet = await Fleet.start();
      const { ids, entries } = fleet.clients(30);
      fleet.write(entries);
      const running = fleet.start(["--json"]);
      atCall(5, running, ({ child }) => {
        child.kill(signal);
        child.kill(signal);
      });
      const result = await running.result;
      fleet.expectDiscreet(result);
      expect(result).toMatchObject({
        code,
        stderr: expect.stringContaining(
          `${signal}: no further client is started; what is being replaced is finished first`,
        ),
      });
      const { counts, interrupted } = JSON.parse(result.stdout);
      expect(interrupted).toBe(signal);
      const rotated = ids.filter((id) => fleet.rotations(id) > 0);
      expect(counts).toEqual({ regenerated: rotated.length, "not started": 30 - rotated.length });
      // Those that waited for their turn were not touched.
      expect(rotated.length).toBeLessThanOrEqual(6);
      for (const [index, id] of ids.entries())
        if (fleet.rotations(id) > 0) expect(fleet.isLive(id, `service-${index}`)).toBe(true);

      expect((await fleet.rotate()).code).toBe(0);
      expect(ids.map((id) => fleet.rotations(id))).toEqual(Array(30).fill(1));
    },
  );

  test("before the first client ends at once", async () => {
    fleet = await Fleet.start();
    const { ids, entries } = fleet.clients(2);
    fleet.write(entries);
    fleet.sandbox.fault({ path: "/api/v2/oauth/clients", delayMs: 20_000 });
    const running = fleet.start();
    fleet.sandbox.onRequest(({ path }) => {
      if (path === "/api/v2/oauth/clients") running.child.kill("SIGINT");
    });
    const result = await running.result;
    expect(result).toMatchObject({
      code: 130,
      stderr: expect.stringContaining("Interrupted before the secret was touched"),
    });
    expect(ids.map((id) => fleet.rotations(id))).toEqual([0, 0]);
    expect(readdirSync(join(fleet.folder, "stack"))).toEqual(["genesys-secret.manifest.json"]);
  });
});

test("two runs do not work on one fleet at the same time", async () => {
  fleet = await Fleet.start();
  const { ids, entries } = fleet.clients(2);
  fleet.write(entries);
  const unlock = await lock(journal(), { realpath: false, stale: 6_000, update: 1_000 });
  try {
    const result = await fleet.rotate();
    expect(result).toMatchObject({
      code: 6,
      stderr: expect.stringContaining("Another run rotates this fleet"),
    });
    expect(ids.map((id) => fleet.rotations(id))).toEqual([0, 0]);
  } finally {
    await unlock();
  }
});

test("a journal that cannot be written is said before anything is sent", async () => {
  fleet = await Fleet.start();
  fleet.write(fleet.clients(1).entries);
  mkdirSync(journal());
  expect(await fleet.rotate()).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/The journal .* cannot be written \(EISDIR\)/),
  });
  expect(fleet.sandbox.journal).toEqual([]);
});

// A file that may not grow beyond 1 kB stands for a full disk: the journal reaches that after some ten clients.
test("a journal that cannot be written any more is a warning: no client is lost from the summary", async () => {
  fleet = await Fleet.start();
  const { ids, entries } = fleet.clients(16);
  fleet.write(
    entries.map((one) => ({ ...one, stores: [`command:["sh","-c","cat >/dev/null # ${one.name}"]`] })),
  );
  const { code, stdout, stderr } = await fleet.rotateInKilobytes(1, ["--json"]);
  expect(stderr).toMatch(/Warning: service-\d+: it is done, but the journal cannot be written \(EFBIG\)/);
  expect(code).toBe(0);
  expect(rowsOf(stdout).map(({ outcome }) => outcome)).toEqual(Array(16).fill("regenerated"));
  expect(ids.map((id) => fleet.rotations(id))).toEqual(Array(16).fill(1));
});

test("a journal that cannot be taken away is a warning: the summary tells of all clients", async () => {
  fleet = await Fleet.start();
  const { entries } = fleet.clients(2);
  fleet.write(entries);
  const running = fleet.start(["--json"]);
  // In its place stands what cannot be removed as a file.
  atCall(2, running, () => {
    rmSync(journal());
    mkdirSync(join(journal(), "x"), { recursive: true });
  });
  const { code, stdout, stderr } = await running.result;
  expect(stderr).toMatch(/Warning: the journal cannot be closed \(\w+\)/);
  expect(code).toBe(0);
  expect(rowsOf(stdout).map(({ outcome }) => outcome)).toEqual(["regenerated", "regenerated"]);
});
