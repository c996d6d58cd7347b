import type { Place } from "./recorded-program";
import type { Target } from "./stores";
import { killAt, recordPlaces, type Start, type TrialResult } from "./trial";

/** All trials of one target and one start. */
export interface Group {
  readonly target: Target;
  readonly start: Start;
  readonly results: readonly TrialResult[];
  /** Places that not every healthy run comes to, and that were left out. */
  readonly unsteady: readonly Place[];
}

const STARTS: readonly Start[] = ["empty", "stored"];

/**
 * Kills at every place of every target, from both starts.
 * @param jobs how many trials are under way at the same time
 * @param choose which of the recorded places to kill at. @default - all
 */
export async function killEverywhere(
  targets: readonly Target[],
  jobs: number,
  onGroup: (group: Group) => void,
  choose: (places: readonly Place[]) => readonly Place[] = (places) => places,
): Promise<readonly Group[]> {
  const groups = targets.flatMap((target) => STARTS.map((start) => ({ target, start })));
  const slots = new Slots(jobs);
  return Promise.all(
    groups.map(async ({ target, start }) => {
      const { places, unsteady } = await slots.use(() => recordPlaces(target, start));
      const results = await Promise.all(
        choose(places).map((place) => slots.use(() => killAt(target, start, place))),
      );
      const group = { target, start, results, unsteady };
      onGroup(group);
      return group;
    }),
  );
}

/** Lets so many pieces of work be under way, first come first served. */
class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  async use<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }
}
