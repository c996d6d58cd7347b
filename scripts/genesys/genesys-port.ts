import type { Secret } from "../core/secret";
import type { OAuthClient } from "./answers";
import type { Credentials, Login } from "./login";

/** Logging in as a client, to see whether its secret is valid. */
export interface LoginPort {
  /** @param retryFor how long to retry transient faults, milliseconds */
  logIn(who: Credentials, retryFor: number): Promise<Login>;
  revoke(token: Secret): Promise<void>;
}

/** Asking for a client that is not the one of this run. */
export interface ClientLookup {
  /** The client; "not found" when the org has none of this id, "unknown" when that cannot be told. */
  lookUp(clientId: string): Promise<OAuthClient | "not found" | "unknown">;
}

/** What the protocol needs of Genesys Cloud. */
export interface GenesysPort extends LoginPort, ClientLookup {
  /** @returns the id of the admin's own client, where it is known */
  signIn(): Promise<string | undefined>;
  /** The client that is meant, or both of a pair of twins, in the order in which they are named. */
  findClients(): Promise<readonly OAuthClient[]>;
  /** From here on no interrupt cuts a request. */
  ignoreInterrupts(): void;
  /** The irreversible call. */
  regenerate(client: OAuthClient): Promise<Secret>;
  signOut(): Promise<void>;
}
