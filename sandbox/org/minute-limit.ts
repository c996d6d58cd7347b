const WINDOW_MS = 60_000;

/** So many requests a minute for each key, counted in windows that open with a key's first request. */
export class MinuteLimit {
  readonly #windows = new Map<string, { closesAt: number; count: number }>();

  /** @param perMinute requests that pass in one minute; undefined: all do */
  constructor(readonly perMinute: number | undefined) {}

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
      window = { closesAt: now + WINDOW_MS, count: 0 };
      this.#windows.set(key, window);
    }
    window.count += 1;
    if (window.count <= this.perMinute) return undefined;
    return Math.max(1, Math.ceil((window.closesAt - now) / 1000));
  }
}
