import type { Place } from "./recorded-program";
import type { Target, Trouble } from "./stores";
import { type Life, World } from "./world";

/** What the stores hold when the killed run begins: nothing, or the secret of an earlier run. */
export type Start = "empty" | "stored";

export interface TrialResult {
  readonly place: Place;
  /** Whether what the stores held after the kill logged in; undefined when the program was not killed. */
  readonly left: Life | undefined;
  /** What was not as it must be; empty when all was healed. */
  readonly problems: readonly string[];
}

/** The order of what concurrent work does may differ, so that a place is not always reached. */
const MOST_TRIES = 3;
const NOT_STORED = 8;
const NOT_VERIFIED = 9;
/** Long enough for a lock to be refreshed twice, which only a slow run does. */
const SLOW_LOGIN_MS = 5_000;

export interface Recorded {
  /** What every healthy run comes to, in the order in which it came. */
  readonly places: readonly Place[];
  /** What one run came to and another did not: a lock that is refreshed because the machine was slow. */
  readonly unsteady: readonly Place[];
}

/** The places of two healthy runs. @throws Error when one was not healthy */
export async function recordPlaces(target: Target, start: Start): Promise<Recorded> {
  const [one, other] = [await recordOnce(target, start), await recordOnce(target, start)];
  return {
    places: one.filter((place) => other.includes(place)),
    unsteady: [
      ...one.filter((place) => !other.includes(place)),
      ...other.filter((place) => !one.includes(place)),
    ],
  };
}

async function recordOnce(target: Target, start: Start): Promise<readonly Place[]> {
  const world = await openAt(target, start);
  try {
    if (target.trouble) world.begin(target.trouble);
    const { result, places } = await world.record("2");
    if (result.code === (target.trouble === "writes refused" ? NOT_STORED : 0)) return places;
    throw new Error(`${target.name}: a healthy run ended with ${result.code}\n${result.stderr}`);
  } finally {
    await world.close();
  }
}

/** Kills a run at a place, runs again, and judges by what is in the stores. */
export async function killAt(target: Target, start: Start, place: Place): Promise<TrialResult> {
  for (let tries = 1; ; tries++) {
    const world = await openAt(target, start);
    try {
      if (tries > 1) world.slowDown(SLOW_LOGIN_MS);
      const end = target.trouble && world.begin(target.trouble);
      const { result } = await world.record("2", place);
      if (result.signal === "SIGKILL") return { place, ...(await heal(world, start, target.trouble, end)) };
      if (tries === MOST_TRIES) {
        const problem = `was not reached in ${tries} runs; the last ended with ${result.code}`;
        return { place, left: undefined, problems: [problem] };
      }
    } finally {
      await world.close();
    }
  }
}

async function openAt(target: Target, start: Start): Promise<World> {
  const world = await World.open(target.kinds);
  if (start === "empty") return world;
  await world.seedOthers();
  const { code, stderr } = await world.run("1");
  if (code === 0) return world;
  await world.close();
  throw new Error(`${target.name}: the run that stores a first secret ended with ${code}\n${stderr}`);
}

/** @param end ends the trouble, which the next run meets, too; the one after it has to heal */
async function heal(
  world: World,
  start: Start,
  trouble?: Trouble,
  end: () => void = () => {},
): Promise<Omit<TrialResult, "place">> {
  const before = start === "stored" ? 1 : 0;
  const problems: string[] = [];
  // A damaged store is no problem yet: the next run has to mend it.
  const left = await world.life().catch((): Life => "dead");
  if (world.regenerations === before && left === "dead")
    problems.push("nothing was regenerated, and a store has lost its secret");
  problems.push(...world.leaks(true).map((leak) => `after the kill: ${leak}`));
  problems.push(...(await world.othersLost()).map((loss) => `after the kill: ${loss}`));
  if (trouble) problems.push(...(await runAgainUnder(trouble, world)));
  end();

  const atKill = world.regenerations;
  const again = await world.run("2");
  if (again.code !== 0) problems.push(`the next run ended with ${again.code}: ${lastError(again.stderr)}`);
  if (world.regenerations > atKill + 1) problems.push("the next run regenerated more than once");
  const life = await world.life().catch((error: Error) => error.message);
  if (life !== "alive") problems.push(`after the next run: ${life}`);
  problems.push(...(await world.othersLost()));
  problems.push(...(await world.leftovers()).map((name) => `left behind: ${name}`));
  problems.push(...world.leaks(false).map((leak) => `after the next run: ${leak}`));
  return { left, problems };
}

/** What is wrong with the next run under the same trouble: it heals nothing that it cannot, and says so. */
async function runAgainUnder(trouble: Trouble, world: World): Promise<readonly string[]> {
  const before = world.regenerations;
  const { code, stderr } = await world.run("2");
  const said = `under the trouble, the next run ended with ${code}: ${lastError(stderr)}`;
  const life = await world.life().catch((error: Error) => error.message);
  if (trouble === "writes refused") return code === NOT_STORED ? [] : [said];
  // It was asked for once: what is stored already is not replaced again on a machine that cannot tell whether it is valid.
  const refused = code === NOT_VERIFIED && stderr.includes("Secret:    not changed");
  return [
    ...(code === 0 || refused ? [] : [said]),
    ...(refused && world.regenerations > before ? ["replaced in doubt"] : []),
    ...(life === "alive" ? [] : [`under the trouble, after the next run: ${life}`]),
  ];
}

function lastError(stderr: string): string {
  return (
    stderr.split("\n").find((line) => line.startsWith("Error")) ?? stderr.trim().split("\n").at(-1) ?? ""
  );
}
