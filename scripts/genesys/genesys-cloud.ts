import type { AdminCredentials } from "../core/admin-credentials";
import type { Progress } from "../core/progress";
import type { Secret } from "../core/secret";
import type { OAuthClient } from "./answers";
import type { Endpoint } from "./endpoint";
import type { GenesysPort } from "./genesys-port";
import { type Credentials, type Login, login } from "./login";
import { findClients, lookUp, type Target } from "./oauth-clients";
import { regenerateSecret } from "./regenerate-secret";
import { type GenesysCall, revoke, Session } from "./session";
import { Transport } from "./transport";

export interface GenesysCloudOptions {
  readonly endpoint: Endpoint;
  readonly admin: AdminCredentials;
  readonly target: Target;
  readonly progress: Progress;
  /** Cuts requests until `ignoreInterrupts`. */
  readonly abort: AbortSignal;
  /** How long each call goes on retrying transient faults, milliseconds. */
  readonly retryFor: number;
}

/** Genesys Cloud as the rotation protocol sees it. */
export class GenesysCloud implements GenesysPort {
  readonly #options: GenesysCloudOptions;
  readonly #transport: Transport;
  readonly #session: Session;
  readonly #revocations: Promise<void>[] = [];
  /** Bound, not wrapped: the new secret passes through no file that has no business with it. */
  readonly regenerate: GenesysPort["regenerate"];

  constructor(options: GenesysCloudOptions) {
    this.#options = options;
    this.#transport = new Transport(options.endpoint, options.progress, options.abort);
    this.#session = new Session(this.#transport, options.endpoint, options.admin, options.retryFor);
    this.regenerate = regenerateSecret.bind(undefined, this.#session);
  }

  /** An API call with the admin's token, for the store that lives in Genesys Cloud. */
  readonly call: GenesysCall = (request) => this.#session.call(request);

  /** The same in a single attempt, for what the run can do without. */
  readonly callOnce: GenesysCall = (request) => this.#session.call({ ...request, retryFor: 0 });

  signIn(): Promise<string | undefined> {
    return this.#session.signIn();
  }

  findClients(): Promise<readonly OAuthClient[]> {
    return findClients(this.#session, this.#options.endpoint, this.#options.target);
  }

  lookUp(clientId: string): ReturnType<typeof lookUp> {
    return lookUp(this.call, clientId);
  }

  ignoreInterrupts(): void {
    this.#transport.ignoreInterrupts();
  }

  logIn(who: Credentials, retryFor: number): Promise<Login> {
    return login(this.#transport, this.#options.endpoint, who, retryFor);
  }

  /** Revokes a token while the run goes on; `signOut` waits for it. */
  async revoke(token: Secret): Promise<void> {
    this.#revocations.push(revoke(this.#transport, this.#options.endpoint, token));
  }

  async signOut(): Promise<void> {
    await Promise.allSettled([...this.#revocations, this.#session.signOut()]);
  }
}
