import type { StoredDocument } from "../stores/document";
import type { Examined } from "./examine";

/** The stores of one client. */
export interface Owned {
  /** Its id; none when nothing tells whose they are. */
  readonly clientIds: readonly string[];
  readonly examined: readonly Examined[];
}

/**
 * Tells from what the stores hold whose each one is, for when nobody said it. A valid secret decides; after it
 * the list of stores that lies beside a valid one; then the client of any other. An empty store is the client's
 * that all others belong to, and nobody's where there are several.
 */
export function byClient(examined: readonly Examined[]): readonly Owned[] {
  const living = examined.flatMap(working);
  const clients = new Set(
    [...living, ...examined.flatMap(({ document }) => document ?? [])].map((it) => it.clientId),
  );
  const [only] = clients.size === 1 ? clients : [];
  const groups = new Map<string | undefined, Examined[]>();
  for (const one of examined) {
    const [own] = working(one);
    const listing = living.find(({ stores }) => stores.includes(one.store.uri.text));
    const owner = own?.clientId ?? listing?.clientId ?? one.document?.clientId ?? only;
    groups.set(owner, [...(groups.get(owner) ?? []), one]);
  }
  return [...groups].map(([clientId, examined]) => ({
    clientIds: clientId === undefined ? [] : [clientId],
    examined,
  }));
}

/** What a store holds that logs in. */
function working({ document, login, stagedValid }: Examined): StoredDocument[] {
  return [
    ...(document && login?.secret === "valid" ? [document] : []),
    ...(stagedValid ? [stagedValid] : []),
  ];
}
