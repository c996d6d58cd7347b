import { StoreNotReadyError } from "../core/errors";
import { ADOPTED, isDoneOutside, type Schedule, slotAt } from "../core/schedule";
import type { Verification } from "../core/verification";
import type { OAuthClient } from "../genesys/answers";
import type { LoginPort } from "../genesys/genesys-port";
import { NO_LOGINS, tryLogin, type Unknown } from "../genesys/try-login";
import { hasSameMembers, isSameSecret } from "../rotation/holdings";
import { fails, notKnown } from "../rotation/login-check";
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

/** How the login is tried. */
export interface DueCheck {
  readonly logins: LoginPort;
  readonly verification?: Verification;
  /** How long to retry transient faults, milliseconds. */
  readonly retryFor: number;
}

/** What shows that a client is done with. */
export interface Done {
  readonly document: StoredDocument;
  /** Set where its secret was not seen to log in, which is no reason to replace it. */
  readonly unknown?: Unknown;
}

/**
 * The document that shows that a client is done with: every store that can be read has it, it is the one that is
 * wanted, it was given to this very list of stores, and its secret is not known to be invalid.
 * @param isWanted whether a document is the one that a rotation would have left
 * @returns undefined when something is left to do: the protocol finds out what
 * @throws {StoreNotReadyError | NotVerifiedError} when it is not known whether the secret is valid, and it must be
 */
export async function shownDone(
  { clients, uris, documents }: Shown,
  isWanted: (document: StoredDocument) => boolean,
  { logins, verification, retryFor }: DueCheck,
): Promise<Done | undefined> {
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
  const login = await tryLogin(verification === "elsewhere" ? NO_LOGINS : logins, who, retryFor);
  if (login.secret === "invalid") return undefined;
  if (login.secret === "unknown") {
    if (fails(login, verification)) throw notKnown(login);
    return { document: first, unknown: login };
  }
  // The mark of a run that had not seen it log in is to be taken away.
  return documents.some((document) => document?.verified === false) ? undefined : { document: first };
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
