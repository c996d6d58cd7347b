import type { Sighting } from "./sighting";

/** A secret that stands on every line of a log is told this often for each stream, and then only counted. */
const MAX_PLACES = 200;
/** Against input made to fill the memory. */
const MAX_SECRETS = 10_000;

/** What ways of finding are worth: where several find the same bytes, the better one says what they are. */
const WORTH = { value: 1, name: 0, structure: 2 } as const;

/** The sightings of one stream, each place once. */
export class SightingBook {
  readonly #byOffset = new Map<number, Sighting>();
  readonly #perValue = new Map<string, number>();
  /** Sightings that were only counted. */
  unlisted = 0;

  add(sighting: Sighting): void {
    const there = this.#byOffset.get(sighting.offset);
    if (there) {
      this.#byOffset.set(sighting.offset, better(there, sighting));
      return;
    }
    const places = this.#perValue.get(sighting.value) ?? 0;
    if (places === MAX_PLACES || (places === 0 && this.#perValue.size === MAX_SECRETS)) {
      this.unlisted += 1;
      return;
    }
    this.#perValue.set(sighting.value, places + 1);
    this.#byOffset.set(sighting.offset, sighting);
  }

  /** In the order of the stream. */
  all(): Sighting[] {
    return [...this.#byOffset.values()].sort((one, other) => one.offset - other.offset);
  }
}

function better(one: Sighting, other: Sighting): Sighting {
  const [first, second] = WORTH[one.foundBy] >= WORTH[other.foundBy] ? [one, other] : [other, one];
  // A value with an escape in it is the whole one where structure or a store gave it.
  if (first.clientId !== undefined && !first.nearest) return first;
  const { clientId = first.clientId, nearest } = second;
  return clientId === undefined ? first : { ...first, clientId, nearest };
}
