import { setTimeout as sleep } from "node:timers/promises";
import { type LockOptions, lock } from "proper-lockfile";
import { StoreNotReadyError } from "../../core/errors";
import type { StoreContext } from "../store";
import type { StoreUri } from "../uri";

/** A killed run's lock is taken over after this time; a run that goes on refreshes its own three times as often. */
const STALE_LOCK_MS = 6_000;
const LOCK_TRIES = 20;
const LOCK_PAUSE_MS = 500;

// The library ends the process on this signal, which Node.js ignores: a limit on the size of files (ulimit -f) is to be an
// error of the write, not the end of the run.
process.on("SIGXFSZ", () => {});

/**
 * Takes the lock of a file, and waits for it.
 * @returns gives it back
 * @throws {StoreNotReadyError} when another run keeps it
 */
export async function takeLock(
  path: string,
  uri: StoreUri,
  { progress, signal }: StoreContext,
): Promise<() => Promise<void>> {
  const options = {
    realpath: false,
    stale: STALE_LOCK_MS,
    update: STALE_LOCK_MS / 3,
    // A machine that slept may have lost the lock. Stopping would not bring it back; verification tells the truth.
    onCompromised: () => progress.warn(`the lock of ${uri.text} was lost to another run`),
  };
  try {
    return await lock(path, options).catch((error) => {
      if (error.code !== "ELOCKED") throw error;
      progress.info(`${uri.text} is locked by another run, or was by one that was killed; waiting`);
      return waitForLock(path, options, signal);
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
    throw new StoreNotReadyError(
      `The store ${uri.text} is locked by another run.`,
      "Wait until it has ended, then run again.",
      "ERR_STORE_LOCKED",
    );
  }
}

async function waitForLock(
  path: string,
  options: LockOptions,
  signal: AbortSignal,
): Promise<() => Promise<void>> {
  for (let left = LOCK_TRIES; ; left -= 1) {
    // An interrupt ends the waiting, too.
    await sleep(LOCK_PAUSE_MS, undefined, { signal });
    try {
      return await lock(path, options);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ELOCKED" || left <= 1) throw error;
    }
  }
}
