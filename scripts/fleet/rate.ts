/** When requests may leave. Pure: whoever uses it brings the time, in milliseconds of any clock that only goes on. */
export interface Rate {
  /** Milliseconds until the next request may leave; 0 when it may now. */
  wait(now: number): number;
  /** Notes that a request leaves. */
  take(now: number): void;
}

/** What the API says about its limit with an answer. */
export interface RateNews {
  /** Requests that a window allows. */
  readonly allowed?: number;
  /** Requests that it has counted in this window. */
  readonly count?: number;
  /** Milliseconds until the window ends. */
  readonly reset?: number;
}

/** Genesys Cloud's limit for each token, requests a minute. */
const MOST_A_MINUTE = 300;
/** Left unused, for what leaves by another way: the revocation of the token. */
const RESERVE = 2;
/** How much longer than a minute the own window is: requests that left in time may still arrive closer together. */
const GUARD = 1 / 120;
/** Requests leave this much closer than evenly, so that a pause can be made up for within the window. */
const HASTE = 0.9;
/** What is left of the limit after a refusal that followed another one; what a quiet window gives back. */
const [LOWERED, RAISED] = [0.8, 0.05];
/** A pause when the refusal does not say how long. */
const PAUSE_MS = 5_000;

/**
 * Stays under the API's limit whichever way the minute is counted, in fixed windows or in a sliding one: no stretch of
 * a minute ever has more requests than allowed. It learns: it pauses when it is told to, goes slower when it is told
 * so again, faster after a quiet minute, and believes the API when that says what it allows.
 */
export class ApiRate implements Rate {
  readonly #windowMs: number;
  readonly #sent: number[] = [];
  #most = MOST_A_MINUTE - RESERVE;
  #limit = this.#most;
  #pausedUntil = 0;
  #refusedAt = Number.NEGATIVE_INFINITY;
  #changedAt = Number.NEGATIVE_INFINITY;

  /** @param minuteMs how long a minute is: shorter on a sandbox whose clock runs fast */
  constructor(minuteMs = 60_000) {
    this.#windowMs = minuteMs * (1 + GUARD);
  }

  /** Requests that may leave within a window, as far as is known by now. */
  get limit(): number {
    return this.#limit;
  }

  wait(now: number): number {
    this.#forget(now);
    const last = this.#sent.at(-1);
    const spaced = last === undefined ? 0 : last + (this.#windowMs / this.#limit) * HASTE;
    const full = this.#sent.length - this.#limit;
    const freed = full < 0 ? 0 : (this.#sent[full] as number) + this.#windowMs;
    return Math.max(0, spaced - now, freed - now, this.#pausedUntil - now);
  }

  take(now: number): void {
    this.#raise(now);
    this.#sent.push(now);
  }

  /**
   * A request was refused with 429.
   * @param retryAfter milliseconds, as the answer says
   */
  refused(now: number, retryAfter = PAUSE_MS): void {
    // What left before the pause may still be refused in it: that says nothing new.
    const isNew = now >= this.#pausedUntil;
    this.#pausedUntil = Math.max(this.#pausedUntil, now + retryAfter);
    if (!isNew) return;
    // One alone may be an accident; a second one soon after says that somebody else uses up the same limit.
    if (now - this.#refusedAt < 2 * this.#windowMs) this.#change(now, this.#limit * LOWERED);
    this.#refusedAt = now;
  }

  /** An answer says how much of the limit is left. */
  told(now: number, { allowed, count, reset }: RateNews): void {
    if (allowed === undefined) return;
    this.#most = Math.max(1, Math.min(allowed, MOST_A_MINUTE) - RESERVE);
    this.#limit = Math.min(this.#limit, this.#most);
    if (count !== undefined && reset !== undefined && count >= allowed)
      this.#pausedUntil = Math.max(this.#pausedUntil, now + Math.min(reset, this.#windowMs));
  }

  #raise(now: number): void {
    const quietSince = Math.max(this.#refusedAt, this.#changedAt, this.#pausedUntil);
    if (this.#limit < this.#most && now - quietSince >= this.#windowMs)
      this.#change(now, this.#limit + MOST_A_MINUTE * RAISED);
  }

  #change(now: number, limit: number): void {
    this.#limit = Math.max(1, Math.min(this.#most, Math.floor(limit)));
    this.#changedAt = now;
  }

  #forget(now: number): void {
    const kept = this.#sent.findIndex((at) => at > now - this.#windowMs);
    this.#sent.splice(0, kept < 0 ? this.#sent.length : kept);
  }
}

const [FIRST_LOGIN_PAUSE_MS, LONGEST_LOGIN_PAUSE_MS] = [1_000, 15_000];
/** Between logins after a pause, until one has passed: the first may be refused again. */
const PROBING_MS = 500;

/**
 * The login service does not say what it allows, nor whether it counts each client by itself or all together. A single
 * refusal between logins that pass is that client's own matter, who tries again by itself; refusals in a row are
 * everybody's, and all wait, longer each time.
 */
export class LoginRate implements Rate {
  #inARow = 0;
  #pausedUntil = 0;
  #last = Number.NEGATIVE_INFINITY;

  wait(now: number): number {
    const probing = this.#inARow > 1 ? this.#last + PROBING_MS - now : 0;
    return Math.max(0, this.#pausedUntil - now, probing);
  }

  take(now: number): void {
    this.#last = now;
  }

  refused(now: number): void {
    if (now < this.#pausedUntil) return;
    this.#inARow += 1;
    if (this.#inARow < 2) return;
    const pause = FIRST_LOGIN_PAUSE_MS * 2 ** Math.min(this.#inARow - 2, 10);
    this.#pausedUntil = now + Math.min(pause, LONGEST_LOGIN_PAUSE_MS);
  }

  passed(): void {
    this.#inARow = 0;
  }
}
