import type { Environment } from "../core/environment";
import type { Progress } from "../core/progress";
import type { Verification } from "../core/verification";
import { readEndpoint } from "../genesys/endpoint";
import { Logins } from "../genesys/logins";
import { Transport } from "../genesys/transport";
import { NO_LOGINS, tryLogin, type Verdict } from "../genesys/try-login";
import type { StoredDocument } from "../stores/document";

/** What a command needs to log in with what a store holds. */
export interface LoginSurroundings {
  readonly environment: Environment;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** The region of the flag. @default - the one that the document names, else the environment's */
  readonly region?: string;
  readonly verification?: Verification;
  /** How long to retry transient faults, milliseconds. */
  readonly retryFor: number;
}

/**
 * Logs in with what a document holds, in its own region; no admin is needed. A document does not say its client's
 * grant.
 */
export async function tryStored(
  { clientId, clientSecret, region }: Pick<StoredDocument, "clientId" | "clientSecret" | "region">,
  { environment, progress, signal, region: named, verification, retryFor }: LoginSurroundings,
): Promise<Verdict> {
  const endpoint = readEndpoint(environment, named ?? (region || undefined));
  const here = new Logins(new Transport(endpoint, progress, signal), endpoint);
  return tryLogin(
    verification === "elsewhere" ? NO_LOGINS : here,
    { clientId, secret: clientSecret },
    retryFor,
  );
}
