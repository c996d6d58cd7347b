import { StoreFault } from "../core/errors";
import { Secret } from "../core/secret";
import type { StoredDocument } from "../stores/document";
import { notReady, type OpenedStore } from "../stores/store";

/** As long as the secrets of Genesys Cloud are, and none of them: what a rehearsal offers in place of the new one. */
export const STAND_IN = new Secret("rehearsal-of-a-write-with-no-secret-in-it--");

/**
 * Tries the write in each store, one after another, before the irreversible call.
 * @param document what the run will write, with `STAND_IN` as its secret where there is none yet
 * @throws {StoreNotReadyError} when a store refuses it
 */
export async function rehearse(
  stores: readonly OpenedStore[],
  document: StoredDocument,
  signal?: AbortSignal,
): Promise<void> {
  for (const store of stores) {
    signal?.throwIfAborted();
    try {
      await store.rehearse?.(document);
    } catch (error) {
      if (!(error instanceof StoreFault)) throw error;
      throw notReady(store.uri, `a rehearsal of the write failed: ${error.message}`, REMEDY);
    }
  }
}

const REMEDY = "Correct that, then run again; the present secret was not replaced.";

/**
 * What was not tried in a store, for a run that changes nothing; undefined when nothing is left.
 * @param rehearsed whether the write was rehearsed
 */
export function notTried({ rehearse, notRehearsed }: OpenedStore, rehearsed: boolean): string | undefined {
  const parts = [
    ...(rehearse && !rehearsed ? ["the write itself (--rehearse tries it)"] : []),
    ...(notRehearsed === undefined ? [] : [notRehearsed]),
  ];
  return parts.length > 0 ? parts.join("; ") : undefined;
}
