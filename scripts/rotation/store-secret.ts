import { Deadline } from "../deadline";
import type { Progress } from "../progress";
import type { StoredDocument } from "../stores/document";
import { type Store, StoreFault } from "../stores/store";
import type { StoreReport } from "./report";

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;

/**
 * Writes the document into each store, all at the same time, each retried on its own until the limit: while this
 * runs, this process's memory may be the only place that has the secret.
 * @param limit how long to go on, milliseconds
 */
export async function storeSecret(
  stores: readonly Store[],
  document: StoredDocument,
  limit: number,
  progress: Progress,
): Promise<readonly StoreReport[]> {
  const deadline = new Deadline(limit);
  return Promise.all(
    stores.map(async (store): Promise<StoreReport> => {
      const uri = store.uri.text;
      const reason = await retried(
        () => store.write(document),
        deadline,
        (why) => progress.warn(`${uri}: ${why}; trying again`),
      );
      if (reason !== undefined) return { uri, holds: "not written", reason };
      progress.info(`Stored in ${uri}`);
      return { uri, holds: store.readable ? "unverified" : "acknowledged" };
    }),
  );
}

/**
 * Reads a store back.
 * @returns why what it gives is not the document that was written; undefined when it is
 */
export async function readBack(
  store: Store,
  written: StoredDocument,
  limit: number,
): Promise<string | undefined> {
  let read: StoredDocument | undefined;
  const failed = await retried(async () => {
    read = await store.read();
  }, new Deadline(limit));
  if (failed !== undefined) return failed;
  const same = read?.clientId === written.clientId && read.clientSecret.equals(written.clientSecret);
  return same ? undefined : "it holds something else by now: another run was later";
}

/**
 * Makes current what a store that stages has staged; nothing to do for the others.
 * @returns why it could not be made current; undefined when it is
 */
export async function promote(store: Store, limit: number): Promise<string | undefined> {
  return retried(async () => store.promote?.(), new Deadline(limit));
}

/** @returns why the last try failed; undefined when one succeeded */
async function retried(
  work: () => Promise<void>,
  deadline: Deadline,
  onRetry?: (why: string) => void,
): Promise<string | undefined> {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      await work();
      return undefined;
    } catch (error) {
      // An unforeseen fault of one store must not keep the secret from the others; its message might hold anything.
      const why = error instanceof StoreFault ? error.message : "it failed for an unforeseen reason";
      if (pause > deadline.remaining) return why;
      if (pause === FIRST_PAUSE_MS) onRetry?.(why);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}
