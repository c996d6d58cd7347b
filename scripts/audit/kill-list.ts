import { UsageError } from "../core/errors";
import { ID_FORM } from "../core/patterns";
import { printable } from "../core/printable";
import { isPrinting } from "../stores/traits";
import { parseStoreUri } from "../stores/uri";

/** Clients to regenerate when a leaked secret of theirs lives, each with the stores that get the new one. */
export type KillList = ReadonlyMap<string, readonly string[]>;

const KILL = new RegExp(`^(${ID_FORM})=(.+)$`);

/** Reads `--kill CLIENT_ID=STORE`. @throws {UsageError} when one is not of that form, or names no valid store */
export function readKillList(texts: readonly string[] = []): KillList {
  const list = new Map<string, string[]>();
  for (const text of texts) {
    const [, clientId, store] = KILL.exec(text) ?? [];
    if (clientId === undefined || store === undefined) {
      throw new UsageError(
        `--kill must be CLIENT_ID=STORE; it is "${printable(text)}".`,
        "For instance --kill 1c0f…=file:./orders.json.",
      );
    }
    const uri = parseStoreUri(store);
    if (isPrinting(uri)) {
      throw new UsageError(`--kill: the store ${uri.scheme}: wants standard output, where the report goes.`);
    }
    // Ids are UUIDs, which say the same in capitals.
    const id = clientId.toLowerCase();
    list.set(id, [...(list.get(id) ?? []), uri.text]);
  }
  return list;
}
