import type { Schedule } from "./schedule";

/** What one attempt of a request may take, milliseconds: the program's own limit. */
const ATTEMPT = 30_000;
/** A call to the org: its attempts, and once more all of them with a new token, after a login. */
const TRIES_PER_CALL = 3;
/** Calls to the org before the regenerate call: sign in, find (by name: a page), list credentials, try what is stored. */
const CALLS_BEFORE = 4;
/** Calls that a store makes while it is made ready, at most: Vault's login, look-up, mount, capabilities and read. */
const CALLS_TO_PREPARE = 6;
/** How long a store repeats one of them. */
const STORE_RETRY = 10_000;
/** How often a lost answer makes the program regenerate again. */
const REGENERATE = 3;

/**
 * The longest that a run may take, milliseconds: the sum of its steps, each of which has a limit of its own. Nothing
 * that a server says, and no jump of the clock, may make it longer.
 */
export function longest({ stores, retry, verify }: Schedule): number {
  const call = TRIES_PER_CALL * (retry * 1000 + ATTEMPT);
  const before =
    CALLS_BEFORE * call + stores.length * CALLS_TO_PREPARE * Math.max(call, STORE_RETRY + ATTEMPT);
  const store = retry * 1000 + call + 3 * ATTEMPT + STORE_RETRY;
  const prove = verify * 1000 + 2 * ATTEMPT;
  return before + REGENERATE * call + 2 * (store + prove) + ATTEMPT;
}

/**
 * The most requests that a run may send to one server. Waits double, so that the attempts of a call grow with the
 * logarithm of its limit.
 */
export function mostRequests({ stores, retry, verify }: Schedule): number {
  const attempts = 3 + Math.log2(Math.max(retry, 1) / 0.25) + retry / 5;
  const before = (CALLS_BEFORE + stores.length * CALLS_TO_PREPARE) * TRIES_PER_CALL;
  const logins = 3 + Math.log2(Math.max(verify, 1) / 0.25) + verify / 2.5;
  return Math.ceil((before + REGENERATE * TRIES_PER_CALL + 3 * stores.length) * attempts + 2 * logins + 20);
}
