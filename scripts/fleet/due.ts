import { StoreNotReadyError } from "../core/errors";
import { ADOPTED, isDoneOutside, type Schedule, slotAt } from "../core/schedule";
import type { OAuthClient } from "../genesys/answers";
import type { LoginPort } from "../genesys/genesys-port";
import { hasSameMembers, isSameSecret } from "../rotation/holdings";
import { whyInvalid } from "../rotation/login-check";
import type { StoredDocument } from "../stores/document";
import { type OpenedStore, readOrNotReady } from "../stores/store";

/** The rotation id of the present time. */
export function presentRotation(rotation: string | Schedule): string {
  return typeof rotation === "string" ? rotation : slotAt(rotation, new Date()).id;
}

/**
 * Whether a document is of this rotation, whoever did it. An adopted one counts for this rotation, too, but only once:
 * the protocol has to note that.
 */
export function isOf(rotation: string): (document: StoredDocument) => boolean {
  return (document) =>
    document.rotation === rotation ||
    (document.rotation !== ADOPTED && isDoneOutside(document.rotation, rotation));
}

/**
 * What the stores that can be read hold, in their order.
 * @throws {StoreNotReadyError} when one of them cannot be read now
 */
export function readAll(stores: readonly OpenedStore[]): Promise<readonly (StoredDocument | undefined)[]> {
  return Promise.all(
    stores.filter(({ readable }) => readable).map((store) => readOrNotReady(store, () => store.read())),
  );
}

/** What shows that nothing is left to do. */
export interface Shown {
  /** The client, or both twins. */
  readonly clients: readonly OAuthClient[];
  /** URIs of all stores. */
  readonly uris: readonly string[];
  /** What the readable ones hold. */
  readonly documents: readonly (StoredDocument | undefined)[];
}

/**
 * The document that shows that a client is done with: every store that can be read has it, it is the one that is
 * wanted, it was given to this very list of stores, and its secret logs in.
 * @param isWanted whether a document is the one that a rotation would have left
 * @param retryFor how long to retry transient faults of the login, milliseconds
 * @returns undefined when something is left to do: the protocol finds out what
 * @throws {StoreNotReadyError} when it cannot be told whether the secret lives
 */
export async function shownDone(
  { clients, uris, documents }: Shown,
  isWanted: (document: StoredDocument) => boolean,
  logins: LoginPort,
  retryFor: number,
): Promise<StoredDocument | undefined> {
  const [first] = documents;
  const client = clients.find(({ id }) => id === first?.clientId);
  if (!first || !client) return undefined;
  const isDone = documents.every(
    (document) =>
      document &&
      isWanted(document) &&
      isSameSecret(document, first) &&
      hasSameMembers(document.stores, uris),
  );
  if (!isDone) return undefined;
  const who = { clientId: client.id, secret: first.clientSecret, grant: client.authorizedGrantType };
  if ((await whyInvalid(logins, who, retryFor)) !== undefined) return undefined;
  return first;
}

/** @throws {StoreNotReadyError} when no store can be read, so that nothing shows what is due */
export function assertReadable(stores: readonly OpenedStore[]): void {
  if (stores.some(({ readable }) => readable)) return;
  throw new StoreNotReadyError(
    "None of its stores can be read, so it cannot be told whether it is due.",
    "Add a store that can be read, such as vault: or file:, or rotate it without --due.",
    "ERR_DUE_UNKNOWN",
  );
}
