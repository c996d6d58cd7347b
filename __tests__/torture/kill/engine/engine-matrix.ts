import type { Engine } from "../../../../sandbox/engine";
import type { Place, Victim } from "../recorded-program";
import { type EngineTrialResult, recordFleet, strike } from "./engine-trial";
import { Fleet } from "./fleet";

const VICTIMS: readonly Victim[] = ["program", "shell", "engine", "everything"];
const IRREVERSIBLE = /POST \S+\/secret #1$/;

/**
 * Kills the program, the shell and the engine at moments of a recorded run, each client in turn.
 * @param most how many moments for each victim. @default - all that `momentsOf` gives
 */
export async function killUnderEngine(
  engine: Engine,
  onResult: (result: EngineTrialResult) => void,
  most = Number.POSITIVE_INFINITY,
): Promise<readonly EngineTrialResult[]> {
  const fleet = await Fleet.start(engine);
  try {
    const moments = [...(await recordFleet(fleet))].map(([struck, places]) => ({
      struck,
      places: momentsOf(places).slice(0, most),
    }));
    const results: EngineTrialResult[] = [];
    for (const [turn, victim] of VICTIMS.entries()) {
      for (let moment = 0; moment < Math.max(...moments.map(({ places }) => places.length)); moment++) {
        // Each client is struck as often as the others, at each moment by one of the victims at least.
        const { struck, places } = moments[(moment + turn) % moments.length] as (typeof moments)[number];
        const place = places[Math.min(moment, places.length - 1)] as Place;
        const result = await strike(fleet, { victim, place, struck });
        onResult(result);
        results.push(result);
      }
    }
    return results;
  } finally {
    await fleet.close();
  }
}

/** Of a run's places those around the irreversible call, and some of each time before and after it. */
export function momentsOf(places: readonly Place[]): readonly Place[] {
  const call = places.findIndex((place) => IRREVERSIBLE.test(place));
  const answer = places.length - 1 - [...places].reverse().findIndex((place) => IRREVERSIBLE.test(place));
  const [before, around, after] = [
    places.slice(0, call),
    places.slice(call, answer + 1).filter((place) => IRREVERSIBLE.test(place)),
    places.slice(answer + 1),
  ];
  return [...around, ...spread(after, 4), ...spread(before, 2)];
}

/** So many of a list, with the same distance between them. */
function spread(places: readonly Place[], count: number): Place[] {
  const step = places.length / (count + 1);
  return Array.from({ length: count }, (_, index) => places[Math.floor(step * (index + 1))] as Place);
}
