import { loadEnvironment } from "../core/environment";
import { NotRemovedError, StoreFault, UsageError } from "../core/errors";
import { printable } from "../core/printable";
import { progressOn } from "../core/progress";
import { openStores } from "./open-stores";
import { readClientIds, type StoreFlags } from "./run-settings";

/**
 * `genesys-secret remove`: takes a client's document out of the stores, when the client is destroyed. Documents of
 * other clients, and others' fields, stay.
 * @returns 0 when no store holds it any more
 * @throws {UsageError} @throws {NotRemovedError} when a store failed or cannot remove
 */
export async function remove(flags: StoreFlags): Promise<number> {
  const environment = await loadEnvironment(flags.envFile);
  const clientIds = readClientIds(flags, environment);
  if (clientIds.length === 0)
    throw new UsageError("No client is named.", "Name it with --client-id or in TARGET_CLIENT_ID.");
  const progress = progressOn(process.stderr);
  const stores = await openStores(flags, { environment, progress, signal: new AbortController().signal });
  const failed: string[] = [];
  for (const store of stores) {
    const uri = store.uri.text;
    try {
      if (!store.remove) {
        progress.warn(`${uri} cannot be removed from here; what it holds dies with the client`);
        continue;
      }
      // As for a dry run: a store that would be created is not to be created for this.
      await store.prepare(true);
      let removed = false;
      for (const clientId of clientIds) removed ||= await store.remove(clientId);
      progress.info(removed ? `Removed from ${uri}` : `${uri} holds nothing of this client`);
    } catch (error) {
      if (!(error instanceof StoreFault) && !(error instanceof Error && "exitCode" in error)) throw error;
      failed.push(`${uri}: ${printable(error.message)}`);
    } finally {
      await store.release();
    }
  }
  if (failed.length > 0) throw new NotRemovedError(failed);
  return 0;
}
