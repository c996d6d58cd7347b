import { Deadline } from "../core/deadline";
import { StoreFault, StoreNotReadyError } from "../core/errors";
import type { Progress } from "../core/progress";
import type { StoredDocument } from "../stores/document";
import { type OpenedStore, OvertakenFault } from "../stores/store";
import type { StoreReport } from "./report";

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;

/** Why a store does not hold what it should. */
export interface Failed {
  readonly reason: string;
  /** It holds the secret of another run. */
  readonly overtaken: boolean;
}

/**
 * Writes the document into each store, all at the same time, each retried on its own until the limit: while this
 * runs, this process's memory may be the only place that has the secret.
 * @param limit how long to go on, milliseconds
 */
export async function storeSecret(
  stores: readonly OpenedStore[],
  document: StoredDocument,
  limit: number,
  progress: Progress,
): Promise<readonly StoreReport[]> {
  const deadline = new Deadline(limit);
  return Promise.all(
    stores.map(async (store): Promise<StoreReport> => {
      const uri = store.uri.text;
      const failed = await retried(
        () => store.write(document),
        deadline,
        (why) => progress.warn(`${uri}: ${why}; trying again`),
      );
      if (failed)
        return { uri, holds: failed.overtaken ? "another run's" : "not written", reason: failed.reason };
      progress.info(`Stored in ${uri}`);
      return { uri, holds: store.readable ? "unverified" : "acknowledged" };
    }),
  );
}

/**
 * Writes over the secret of another run.
 * @param limit how long to go on, milliseconds
 * @returns why it was not written; undefined when it was
 */
export function writeOver(
  store: OpenedStore,
  document: StoredDocument,
  limit: number,
): Promise<Failed | undefined> {
  return retried(() => store.write(document, true), new Deadline(limit));
}

/**
 * Reads a store back.
 * @returns why what it gives is not the document that was written; undefined when it is
 */
export async function readBack(
  store: OpenedStore,
  written: StoredDocument,
  limit: number,
): Promise<Failed | undefined> {
  let read: StoredDocument | undefined;
  const failed = await retried(async () => {
    read = await store.read();
  }, new Deadline(limit));
  if (failed) return failed;
  const same = read?.clientId === written.clientId && read.clientSecret.equals(written.clientSecret);
  return same
    ? undefined
    : { reason: "it holds something else by now: another run was later", overtaken: true };
}

/**
 * Makes current what a store that stages has staged; nothing to do for the others.
 * @param over as for `Store.promote`
 * @returns why it could not be made current; undefined when it is
 */
export async function promote(store: OpenedStore, limit: number, over = false): Promise<Failed | undefined> {
  return retried(async () => store.promote?.(over), new Deadline(limit));
}

/** @returns why the last try failed; undefined when one succeeded */
async function retried(
  work: () => Promise<void>,
  deadline: Deadline,
  onRetry?: (why: string) => void,
): Promise<Failed | undefined> {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      await work();
      return undefined;
    } catch (error) {
      // An unforeseen fault of one store must not keep the secret from the others; its message might hold anything.
      const reason = error instanceof StoreFault ? error.message : "it failed for an unforeseen reason";
      const overtaken = error instanceof OvertakenFault;
      if (overtaken || pause > deadline.remaining) return { reason, overtaken };
      if (pause === FIRST_PAUSE_MS) onRetry?.(reason);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/**
 * Before the irreversible call a fault of a store ends the run.
 * @throws {StoreNotReadyError}
 */
export async function readOrNotReady<T>(store: OpenedStore, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StoreFault)) throw error;
    const message = `The store ${store.uri.text} is not ready: ${error.message}.`;
    throw new StoreNotReadyError(message, "Make it readable, then run again.");
  }
}
