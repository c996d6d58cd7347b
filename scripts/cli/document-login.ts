import type { Environment } from "../core/environment";
import type { Progress } from "../core/progress";
import { readEndpoint } from "../genesys/endpoint";
import { Logins } from "../genesys/logins";
import { Transport } from "../genesys/transport";
import { tryLogin, type Verdict } from "../genesys/try-login";
import type { StoredDocument } from "../stores/document";

/** What a command needs to log in with what a store holds. */
export interface LoginSurroundings {
  readonly environment: Environment;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** The region of the flag. @default - the one that the document names, else the environment's */
  readonly region?: string;
  /** How long to retry transient faults, milliseconds. */
  readonly retryFor: number;
}

/**
 * Logs in with what a document holds, in its own region; no admin is needed. A document does not say its client's
 * grant.
 */
export async function tryStored(
  { clientId, clientSecret, region }: Pick<StoredDocument, "clientId" | "clientSecret" | "region">,
  { environment, progress, signal, region: named, retryFor }: LoginSurroundings,
): Promise<Verdict> {
  const endpoint = readEndpoint(environment, named ?? (region || undefined));
  const logins = new Logins(new Transport(endpoint, progress, signal), endpoint);
  return tryLogin(logins, { clientId, secret: clientSecret }, retryFor);
}
