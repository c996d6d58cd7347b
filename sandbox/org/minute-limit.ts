/** How many requests of a key there were, at one of them. */
export interface MinuteCount {
  /** Requests in the window so far, this one included. */
  readonly count: number;
  /** Whole seconds (at least 1) until the window closes. */
  readonly reset: number;
}

/** So many requests a minute for each key, counted in windows that open with a key's first request. */
export class MinuteLimit {
  readonly #windows = new Map<string, { closesAt: number; count: number }>();

  /**
   * @param perMinute requests that pass in one minute; undefined: all do
   * @param minuteMs how long a minute is: a clock that runs fast makes a fleet's test short
   */
  constructor(
    readonly perMinute: number | undefined,
    readonly minuteMs = 60_000,
  ) {}

  /**
   * Counts one request of `key`.
   *
   * @returns whole seconds (at least 1) until its next one passes, or nothing when this one does
   */
  count(key: string): number | undefined {
    if (this.perMinute === undefined) return undefined;
    const now = Date.now();
    let window = this.#windows.get(key);
    if (!window || window.closesAt <= now) {
      window = { closesAt: now + this.minuteMs, count: 0 };
      this.#windows.set(key, window);
    }
    window.count += 1;
    return window.count <= this.perMinute ? undefined : secondsUntil(window.closesAt, now);
  }

  /** What was counted of `key` in the window that is open; nothing when none is, or there is no limit. */
  counted(key: string): MinuteCount | undefined {
    const window = this.#windows.get(key);
    return window && { count: window.count, reset: secondsUntil(window.closesAt, Date.now()) };
  }
}

function secondsUntil(moment: number, now: number): number {
  return Math.max(1, Math.ceil((moment - now) / 1000));
}
