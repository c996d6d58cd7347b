import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  type Fleet,
  outcomeOf,
  PER_MINUTE,
  rotate,
  withFleet,
} from "../../__tests__/torture/fleet/fleet-run";
import { median } from "./meter";
import { pythonWithRequests } from "./python";
import { ratio, type Section, verdict } from "./section";

const run = promisify(execFile);
/** A third of a real one. */
const MINUTE_MS = 20_000;
const REAL_MINUTE_MS = 60_000;
/** Of a hundred; a thousand is measured once. */
const ROUNDS = 10;
const PEERS = join(__dirname, "peers");

interface Measured {
  readonly seconds: number;
  /** How long the org's minute was. */
  readonly minuteMs: number;
  /** Requests counted against the limit, for each client. */
  readonly requests: number;
  /** MB; unknown for a loop of many processes. */
  readonly memory?: number;
}

/** A fleet, against the least time that the org's limit allows and a loop over the plain script. */
export async function benchmarkFleet(): Promise<Section> {
  const few = await repeated(100, ROUNDS);
  const many = await withFleet(1000, MINUTE_MS, measureOurs);
  const ofLeast = (clients: number, { seconds, minuteMs }: Measured): number =>
    seconds / ((clients / PER_MINUTE) * (minuteMs / 1000));
  const row = (name: string, clients: number, measured: Measured) => ({
    name,
    cells: [
      `${measured.seconds.toFixed(1)} s`,
      ratio(ofLeast(clients, measured)),
      measured.requests.toFixed(2),
      measured.memory === undefined ? "–" : `${measured.memory.toFixed(0)} MB`,
    ],
    ratio: ofLeast(clients, measured),
  });
  return {
    title: "A fleet",
    setting:
      `\`genesys-secret rotate\`, against a shell loop over the Python script, on a sandbox that enforces ${PER_MINUTE} API requests a minute of a ` +
      `token. Ours on a clock that runs ${REAL_MINUTE_MS / MINUTE_MS} times as fast as a real one (a minute lasts ${MINUTE_MS / 1000} s); the loop at the real pace, because its time is the ` +
      "processor's. The limit's minimum is a request a client with one token. The loop logs in for every client, so that only the login " +
      "service's own limit, which the sandbox has not, would slow it down; it verifies nothing, and knows nothing of where it was. " +
      `100 clients: medians of ${ROUNDS} runs, in turns; 1,000 clients: one run, and none of the loop, whose time grows with their number.`,
    columns: ["wall", "of the limit's minimum", "requests a client", "peak memory"],
    rows: [
      row("genesys-secret rotate, 100 clients", 100, few.ours),
      row("loop over the script, 100 clients", 100, few.loop),
      row("genesys-secret rotate, 1,000 clients", 1000, many),
    ],
    verdicts: [
      verdict("1,000 clients to the limit's minimum", ofLeast(1000, many), 1.05),
      verdict("Requests for each client of 1,000", many.requests, 1.1),
      verdict("Memory for 1,000 to that for 100", (many.memory ?? 0) / (few.ours.memory ?? 0), 1.2),
    ],
  };
}

async function repeated(clients: number, rounds: number): Promise<{ ours: Measured; loop: Measured }> {
  const ours: Measured[] = [];
  const loop: Measured[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(await withFleet(clients, MINUTE_MS, measureOurs));
    loop.push(await withFleet(clients, REAL_MINUTE_MS, measureLoop));
  }
  return { ours: medians(ours), loop: medians(loop) };
}

async function measureOurs(fleet: Fleet): Promise<Measured> {
  const { code, seconds, megabytes, stderr } = await rotate(fleet, true).ended;
  const { verified, requests } = outcomeOf(fleet);
  if (code !== 0 || verified !== fleet.ids.length) throw new Error(`the fleet ended with ${code}\n${stderr}`);
  return { seconds, minuteMs: MINUTE_MS, requests: requests / fleet.ids.length, memory: megabytes };
}

async function measureLoop(fleet: Fleet): Promise<Measured> {
  const { sandbox, ids, folder } = fleet;
  const env = {
    ...process.env,
    ...sandbox.environment,
    ORIGIN: sandbox.origin,
    PYTHON: pythonWithRequests(),
    SCRIPT: join(PEERS, "three_calls.py"),
    PAUSE: "1",
  };
  const begin = performance.now();
  await run(join(PEERS, "loop.sh"), names(fleet), { cwd: folder, env });
  const seconds = (performance.now() - begin) / 1000;
  return { seconds, minuteMs: REAL_MINUTE_MS, requests: outcomeOf(fleet).requests / ids.length };
}

function names({ ids }: Fleet): string[] {
  return ids.map((_, index) => `service-${String(index).padStart(4, "0")}`);
}

function medians(runs: readonly Measured[]): Measured {
  const memories = runs.flatMap(({ memory }) => memory ?? []);
  return {
    seconds: median(runs.map(({ seconds }) => seconds)),
    minuteMs: runs[0]?.minuteMs as number,
    requests: median(runs.map(({ requests }) => requests)),
    ...(memories.length > 0 ? { memory: median(memories) } : {}),
  };
}
