import { join } from "node:path";
import { regenerateElsewhere } from "../../helpers/later-run";
import { adminToken } from "../admin-token";
import { type Ended, runBundle } from "../program";
import { longest } from "./bounds";
import { holdsAnothers, lateChanges, lookAround, requestsSince, unhealed, violations } from "./invariants";
import type { Schedule } from "./schedule";
import { Troublemaker } from "./troublemaker";
import { type Props, World } from "./world";

/** The clock of all schedules that are played in one process. */
export interface Pace {
  /** 1: the real clock. */
  readonly speed: number;
  readonly epoch: number;
  /** PEM file of the authority that the program is told to trust. */
  readonly authority: string;
}

/** What one schedule has led to. */
export interface Played {
  readonly code: number | null;
  /** Names of the troubles that came about. */
  readonly met: readonly string[];
  /** What the program broke of what it must keep; nothing when all is well. */
  readonly violations: readonly string[];
  /** Milliseconds on the schedule's clock. */
  readonly took: number;
  /** The most requests to one server. */
  readonly requests: number;
  /** How often a healthy run was repeated because the machine had stood still. */
  readonly stalls: number;
  /** What the program printed. */
  readonly printed: string;
}

interface Run {
  /** @default - the program's own */
  readonly limits?: { readonly retry: number; readonly verify: number };
  readonly rotation: string | null;
  /** How many of the stores. @default - all */
  readonly stores?: number;
  /** Whose secret is regenerated. @default - the client's */
  readonly clientId?: string;
  /** The client whose document may be replaced. @default - none */
  readonly takeOver?: string;
  readonly onStart?: (interrupt: () => void) => void;
}

/** Real milliseconds that the start of a process may take on a busy machine. */
const START = 20_000;
/**
 * A healthy run takes some 200 ms of the real clock. One that fails after this time did so because the machine stood
 * still for longer than a request may take on a fast clock; it is repeated, and counted.
 */
const STALL = 4_000;
const MOST_STALLS = 4;
const DEFAULT_LIMITS = { retry: 120, verify: 30 };

/** Plays a schedule in a world of its own: what was before, the run with its troubles, and a healthy run. */
export async function play(schedule: Schedule, props: Props, pace: Pace): Promise<Played> {
  const world = await World.open(schedule, props);
  const run = (what: Run): Promise<Ended> => start(world, schedule, pace, what);
  let stalls = 0;
  const runHealthy = async (what: Run): Promise<Ended> => {
    const ended = await run(what);
    if (ended.code === 0 || ended.took < STALL * pace.speed || stalls >= MOST_STALLS) return ended;
    stalls += 1;
    return runHealthy(what);
  };
  const { rotation } = schedule;
  let interrupt = (): void => {};
  const troubles = new Troublemaker(world, schedule.troubles, () => interrupt());
  try {
    const past = await leaveHistory(world, schedule, runHealthy);
    const before = lookAround(world);
    await troubles.begin();
    const onStart = (signal: () => void): void => {
      interrupt = signal;
    };
    const ended = await run({ rotation, limits: schedule, onStart });
    const broken = violations(schedule, world, before, ended, troubles, START * pace.speed);
    const requests = Math.max(...requestsSince(world, before).map(([, count]) => count));
    await troubles.end();
    const late = lateChanges(world, before, ended);
    const [tokens, stallsBefore] = [await world.liveTokens(), stalls];
    const takeOver = holdsAnothers(schedule, world.stores) ? world.stranger : undefined;
    const healed = unhealed(world, await runHealthy({ rotation, takeOver }), before.others);
    const given = schedule.admin === "token" ? 1 : 0;
    const left = stalls > stallsBefore ? 0 : (await world.liveTokens()) - tokens - given;
    return {
      code: ended.code,
      met: [...troubles.met],
      violations: [
        ...past,
        ...broken,
        ...late,
        ...healed,
        ...(left > 0 ? [`left behind: ${left} tokens that still open the API`] : []),
      ],
      took: ended.took,
      requests,
      stalls,
      printed: ended.stderr,
    };
  } finally {
    await troubles.end();
    await world.close();
  }
}

/** What earlier runs have left. @returns what they broke */
async function leaveHistory(
  world: World,
  schedule: Schedule,
  run: (what: Run) => Promise<Ended>,
): Promise<string[]> {
  const { history, stores } = schedule;
  const anothers = holdsAnothers(schedule, world.stores);
  if (history === "none" || (history === "another client's" && !anothers)) return [];
  const few = anothers || history === "new stores" ? 1 : stores.length;
  const clientId = anothers ? world.stranger : undefined;
  const { code, stderr } = await run({ rotation: "1", stores: few, clientId });
  if (history === "dead") await regenerateElsewhere(world.sandbox, world.client.id);
  return code === 0 ? [] : [`an earlier, healthy run ended with ${code}: ${stderr.trim()}`];
}

function nameClient(by: Schedule["by"], id: string): string[] {
  return [...(by === "name" ? [] : ["--client-id", id]), ...(by === "id" ? [] : ["--client-name", "orders"])];
}

async function start(world: World, schedule: Schedule, pace: Pace, what: Run): Promise<Ended> {
  const { by, tls, admin } = schedule;
  const { client, sandbox, gate, folder } = world;
  const limits = what.limits ?? DEFAULT_LIMITS;
  const stores = world.stores.slice(0, what.stores);
  const args = [
    ...["regenerate", "--json"],
    ...(what.clientId === undefined ? nameClient(by, client.id) : ["--client-id", what.clientId]),
    ...(what.takeOver === undefined ? [] : ["--take-over", what.takeOver]),
    ...stores.flatMap(({ uri }) => ["--store", uri]),
    ...(what.rotation === null ? [] : ["--rotation", what.rotation]),
    ...["--retry-timeout", `${limits.retry}`, "--verify-timeout", `${limits.verify}`],
  ];
  const { GENESYSCLOUD_OAUTHCLIENT_ID, GENESYSCLOUD_OAUTHCLIENT_SECRET, ...rest } = sandbox.environment;
  const credentials: Record<string, string> =
    admin === "token"
      ? { GENESYSCLOUD_ACCESS_TOKEN: await adminToken(sandbox) }
      : ({ GENESYSCLOUD_OAUTHCLIENT_ID, GENESYSCLOUD_OAUTHCLIENT_SECRET } as Record<string, string>);
  const home = join(folder, "home");
  const environment = {
    ...rest,
    ...credentials,
    HOME: home,
    NODE_EXTRA_CA_CERTS: pace.authority,
    GENESYSCLOUD_GATEWAY_HOST: "localhost",
    GENESYSCLOUD_GATEWAY_PORT: String(gate.port),
    GENESYSCLOUD_GATEWAY_PROTOCOL: tls ? "https" : "http",
    ...Object.assign({}, ...stores.map((store) => store.environment)),
  };
  const limit = 2 * longest({ ...schedule, ...limits }) + START * pace.speed;
  return runBundle(args, environment, home, world.clock(pace.speed, pace.epoch), limit, what.onStart);
}
