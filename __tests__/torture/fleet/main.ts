import { existsSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import type { Fault } from "../../../sandbox/org";
import { type Fleet, outcomeOf, PER_MINUTE, PROGRAM, rotate, TIME, withFleet } from "./fleet-run";

// `npm run torture:fleet [-- --minute-ms 60000 --clients 1000]`: the bundle rotates a fleet on a sandbox that enforces
// 300 requests a minute, with faults for 1 % of the clients; then once more, killed in the middle and run again.

const { values } = parseArgs({
  options: {
    "minute-ms": { type: "string", default: "12000" },
    clients: { type: "string", default: "1000" },
  },
});
const MINUTE_MS = Number(values["minute-ms"]);
const CLIENTS = Number(values.clients);
const FEW = Math.ceil(CLIENTS / 10);

/** What was promised. */
const MOST_TIME = 1.05;
const MOST_MEMORY = 1.2;
const MOST_REQUESTS = 1.1;
const CONCURRENCY = 8;

const SECRET_CALL = /^\/api\/v2\/oauth\/clients\/([^/]+)\/secret$/;

/** One of a kind for each client that is hit, in turns; the last few hit some login of the run. */
const FAULTS: readonly ((path: string, skip: number) => Fault)[] = [
  (path) => ({ path, status: 503 }),
  (path) => ({ path, drop: "before" }),
  (path) => ({ path, drop: "after" }),
  (path) => ({ path, truncate: true }),
  (path) => ({ path, status: 429, headers: { "Retry-After": "1" } }),
  (path) => ({ path, status: 502, afterEffect: true }),
  (path) => ({ path, delayMs: 5_000 }),
  (_, skip) => ({ path: "/oauth/token", skip, status: 503 }),
  (_, skip) => ({ path: "/oauth/token", skip, drop: "before" }),
  (_, skip) => ({
    path: "/oauth/token",
    skip,
    status: 400,
    body: { error: "invalid_request", error_description: "rate limit exceeded; try again later" },
  }),
];

/** Faults for 1 % of the clients, evenly spread. */
function breakSome({ sandbox, ids }: Fleet): number {
  const hit = ids.filter((_, index) => index % 100 === 50);
  for (const [index, id] of hit.entries()) {
    const make = FAULTS[index % FAULTS.length] as (typeof FAULTS)[number];
    sandbox.fault(
      make(`/api/v2/oauth/clients/${id}/secret`, 1 + Math.floor(((index + 0.5) * ids.length) / hit.length)),
    );
  }
  return hit.length;
}

interface Check {
  readonly what: string;
  readonly value: string;
  readonly holds: boolean;
}

function print(title: string, checks: readonly Check[]): void {
  console.log(`\n${title}\n\n| | | |\n| --- | ---: | --- |`);
  for (const { what, value, holds } of checks)
    console.log(`| ${what} | ${value} | ${holds ? "holds" : "DOES NOT HOLD"} |`);
  if (checks.some(({ holds }) => !holds)) process.exitCode = 1;
}

async function whole(clients: number): Promise<{ megabytes: number; checks: Check[] }> {
  return withFleet(clients, MINUTE_MS, async (fleet) => {
    const hit = breakSome(fleet);
    const { code, seconds, megabytes, stderr } = await rotate(fleet, true).ended;
    if (code !== 0) console.error(stderr);
    const { verified, rotations, requests, refused } = outcomeOf(fleet);
    const least = (clients / PER_MINUTE) * (MINUTE_MS / 1000);
    const twice = fleet.ids.filter((id) => (rotations.get(id) ?? 0) > 1).length;
    return {
      megabytes,
      checks: [
        { what: "clients with an injected fault", value: String(hit), holds: hit >= clients / 100 },
        { what: "exit code", value: String(code), holds: code === 0 },
        { what: "rotated and verified", value: `${verified} of ${clients}`, holds: verified === clients },
        { what: "rotated twice, to heal a lost answer", value: String(twice), holds: twice <= hit },
        {
          what: `time: ${seconds.toFixed(1)} s, the limit's own minimum ${least.toFixed(1)} s`,
          value: (seconds / least).toFixed(3),
          // A tenth of the fleet has the start of the program and the listing to bear, too.
          holds: clients < CLIENTS || seconds / least <= MOST_TIME,
        },
        {
          what: "requests counted against the limit, a client",
          value: (requests / clients).toFixed(3),
          holds: requests / clients <= MOST_REQUESTS,
        },
        {
          what: "refused by the limit itself, not by a fault",
          value: String(refused - injected(hit)),
          holds: refused <= injected(hit),
        },
        { what: "peak memory", value: `${megabytes.toFixed(1)} MB`, holds: megabytes > 0 },
      ],
    };
  });
}

/** How many of the injected faults are a 429. */
function injected(hit: number): number {
  return Array.from({ length: hit }, (_, index) => index % FAULTS.length).filter((kind) => kind === 4).length;
}

async function killed(): Promise<Check[]> {
  return withFleet(CLIENTS, MINUTE_MS, async (fleet) => {
    const { sandbox, ids, manifest } = fleet;
    const first = rotate(fleet, false);
    const replaced = (): Set<string> =>
      new Set(
        sandbox.journal.flatMap(({ path, status }) => {
          const id = SECRET_CALL.exec(path)?.[1];
          return id !== undefined && status === 200 ? [id] : [];
        }),
      );
    while (replaced().size < CLIENTS * 0.4) await new Promise((resolve) => setTimeout(resolve, 50));
    first.child.kill("SIGKILL");
    await first.ended;
    const before = replaced();
    const noted = readFileSync(`${manifest}.progress`, "utf8");
    const inFlight = [...before].filter((id) => !noted.includes(id));
    const { code, stderr } = await rotate(fleet, false).ended;
    if (code !== 0) console.error(stderr);
    const { verified, rotations } = outcomeOf(fleet);
    const twice = ids.filter((id) => (rotations.get(id) ?? 0) > 1);
    return [
      {
        what: "killed (SIGKILL) after so many clients",
        value: String(before.size),
        holds: before.size < CLIENTS,
      },
      { what: "in flight then", value: String(inFlight.length), holds: inFlight.length <= CONCURRENCY },
      { what: "exit code of the second run", value: String(code), holds: code === 0 },
      { what: "rotated and verified", value: `${verified} of ${CLIENTS}`, holds: verified === CLIENTS },
      {
        what: "rotated twice",
        value: String(twice.length),
        holds: twice.every((id) => inFlight.includes(id)),
      },
      {
        what: "journal left behind",
        value: String(existsSync(`${manifest}.progress`)),
        holds: !existsSync(`${manifest}.progress`),
      },
    ];
  });
}

async function main(): Promise<void> {
  if (!existsSync(TIME)) throw new Error(`missing: ${TIME} (GNU time)`);
  if (!existsSync(PROGRAM)) throw new Error("missing: the bundle (npm run build)");
  const clock =
    MINUTE_MS === 60_000 ? "at its real pace" : `${60_000 / MINUTE_MS} times as fast as a real one`;
  console.log(
    `The sandbox enforces ${PER_MINUTE} API requests a minute; its minute lasts ${MINUTE_MS / 1000} s: ${clock}.\n` +
      `Node.js ${process.version}, ${cpus().length} × ${cpus()[0]?.model}`,
  );
  const few = await whole(FEW);
  print(`${FEW} clients`, few.checks);
  const many = await whole(CLIENTS);
  const ratio = many.megabytes / few.megabytes;
  print(`${CLIENTS} clients`, [
    ...many.checks,
    {
      what: `peak memory against that of ${FEW} clients`,
      value: ratio.toFixed(3),
      holds: ratio <= MOST_MEMORY,
    },
  ]);
  print(`${CLIENTS} clients, killed in the middle and run again`, await killed());
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
