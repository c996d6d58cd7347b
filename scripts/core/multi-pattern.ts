/** Longest beginning of a pattern that decides how far a search may skip; the skips are kept in bytes. */
const MAX_PREFIX = 200;
const SHORTEST = 2;

/** Each byte as it is, and each with the letters A to Z made small. */
const AS_IS = Uint8Array.from({ length: 256 }, (_, byte) => byte);
const SMALL = AS_IS.map((byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte));

/**
 * Finds many patterns in one pass (the algorithm of Wu and Manber, blocks of two bytes): from the last two bytes of a
 * window as long as the shortest pattern it knows how far no pattern can begin, and skips that far. Dozens of forms of
 * dozens of secrets so cost hardly more than one.
 */
export class MultiPattern {
  readonly #patterns: readonly Uint8Array[];
  readonly #fold: Uint8Array;
  readonly #skips = new Uint8Array(0x10000);
  readonly #endingWith = new Map<number, number[]>();
  readonly #prefix: number;
  /** Length of the longest pattern: a window must overlap the next one by as much. */
  readonly longest: number;

  /**
   * @param patterns of two bytes or more each
   * @param ignoreCase whether a to z match A to Z, too
   */
  constructor(patterns: readonly Uint8Array[], ignoreCase = false) {
    if (patterns.some(({ length }) => length < SHORTEST)) throw new RangeError("a pattern is too short");
    this.#fold = ignoreCase ? SMALL : AS_IS;
    this.#patterns = patterns.map((pattern) => pattern.map((byte) => this.#fold[byte] as number));
    this.longest = Math.max(0, ...patterns.map(({ length }) => length));
    this.#prefix = Math.min(MAX_PREFIX, ...patterns.map(({ length }) => length));
    this.#skips.fill(this.#prefix - 1);
    for (const [index, pattern] of this.#patterns.entries()) this.#learn(index, pattern);
  }

  #learn(index: number, pattern: Uint8Array): void {
    for (let at = 1; at < this.#prefix; at += 1) {
      const block = ((pattern[at - 1] as number) << 8) | (pattern[at] as number);
      const skip = this.#prefix - 1 - at;
      if (skip < (this.#skips[block] as number)) this.#skips[block] = skip;
      if (skip === 0) this.#endingWith.set(block, [...(this.#endingWith.get(block) ?? []), index]);
    }
  }

  /**
   * Finds what begins in `from` (included) to `to` (not included), in the order of where it begins.
   * @param end up to where the bytes may be read
   * @param found told where a pattern begins, and which it is
   */
  search(
    bytes: Uint8Array,
    from: number,
    to: number,
    end: number,
    found: (at: number, pattern: number) => void,
  ): void {
    if (this.#patterns.length === 0) return;
    const [fold, skips, last] = [this.#fold, this.#skips, this.#prefix - 1];
    const stop = Math.min(to, end - last);
    for (let at = from; at < stop; ) {
      const tail = at + last;
      const block =
        ((fold[bytes[tail - 1] as number] as number) << 8) | (fold[bytes[tail] as number] as number);
      const skip = skips[block] as number;
      if (skip > 0) {
        at += skip;
        continue;
      }
      for (const index of this.#endingWith.get(block) ?? []) {
        if (this.#matches(bytes, at, end, this.#patterns[index] as Uint8Array)) found(at, index);
      }
      at += 1;
    }
  }

  #matches(bytes: Uint8Array, at: number, end: number, pattern: Uint8Array): boolean {
    if (at + pattern.length > end) return false;
    for (let index = 0; index < pattern.length; index += 1) {
      if (this.#fold[bytes[at + index] as number] !== pattern[index]) return false;
    }
    return true;
  }
}
