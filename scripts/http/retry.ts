/** What one failed attempt tells. */
export interface FailedAttempt {
  /** How many attempts have failed so far, from 1. */
  readonly attempt: number;
  /** HTTP status; undefined when no answer came. */
  readonly status?: number;
  /** The answer's Retry-After, milliseconds. */
  readonly retryAfter?: number;
  /** The caller knows that this status is worth another attempt, such as a 400 that means "rate limit exceeded". */
  readonly alsoTransient?: boolean;
  /** The other side's certificate was refused: trying again changes nothing. */
  readonly untrusted?: boolean;
  /** Time left for this call, milliseconds. */
  readonly remaining: number;
}

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 20_000;
const TRANSIENT = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * The retry rule: exponential backoff with jitter, never sooner than a Retry-After, never beyond the time left. A
 * Retry-After of nothing, or one that is none, leaves it at the backoff.
 * @param random a number from 0 to 1 for the jitter, which keeps many runs from coming back all at once
 * @returns milliseconds to wait, or undefined to give up
 */
export function retryDelay(failed: FailedAttempt, random: number): number | undefined {
  const answered = failed.status !== undefined;
  if (answered && !TRANSIENT.has(failed.status as number) && !failed.alsoTransient) return undefined;
  if (failed.untrusted) return undefined;
  const backoff = Math.min(FIRST_DELAY_MS * 2 ** (failed.attempt - 1), LONGEST_DELAY_MS) * (0.5 + random / 2);
  const asked = Number.isNaN(failed.retryAfter ?? Number.NaN) ? 0 : (failed.retryAfter as number);
  const delay = asked > backoff ? asked + random * FIRST_DELAY_MS : backoff;
  return delay <= failed.remaining ? delay : undefined;
}
