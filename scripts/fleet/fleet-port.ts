import type { Progress } from "../core/progress";
import type { Secret } from "../core/secret";
import type { OAuthClient } from "../genesys/answers";
import type { GenesysPort } from "../genesys/genesys-port";
import { type Credentials, type Login, login } from "../genesys/login";
import { lookUp } from "../genesys/oauth-clients";
import { regenerateSecret } from "../genesys/regenerate-secret";
import type { Reply } from "../genesys/reply";
import { type ApiCall, revoke } from "../genesys/session";
import { type Sender, Transport } from "../genesys/transport";
import type { Org } from "./org";

/** Genesys Cloud for the protocol of one client of a fleet, or of a pair of twins: what the fleet has done for all is not done again. */
export class FleetPort implements GenesysPort {
  readonly #org: Org;
  readonly #clients: readonly OAuthClient[];
  readonly #transport: Transport;
  readonly #sender: Sender;
  readonly #patience: AbortSignal;
  readonly #revocations: Promise<void>[] = [];

  /**
   * @param abort cuts this client's own requests until `ignoreInterrupts`
   * @param patience ends the waiting for the regenerating call's turn: until it leaves, nothing has happened
   */
  constructor(
    org: Org,
    clients: readonly OAuthClient[],
    progress: Progress,
    abort: AbortSignal,
    patience: AbortSignal,
  ) {
    this.#org = org;
    this.#clients = clients;
    this.#transport = new Transport(org.endpoint, progress, abort);
    this.#sender = org.limits.over(this.#transport);
    this.#patience = patience;
  }

  async signIn(): Promise<string | undefined> {
    return this.#org.adminClientId;
  }

  async findClients(): Promise<readonly OAuthClient[]> {
    return this.#clients;
  }

  lookUp(clientId: string): ReturnType<typeof lookUp> {
    return lookUp(this.#org.call, clientId);
  }

  ignoreInterrupts(): void {
    this.#transport.ignoreInterrupts();
  }

  regenerate(client: OAuthClient): Promise<Secret> {
    let patience: AbortSignal | undefined = this.#patience;
    const call = (request: ApiCall): Promise<Reply> => {
      const answer = this.#org.session.call({ ...request, patience });
      // A second call heals an answer that was lost: by then the old secret is dead.
      patience = undefined;
      return answer;
    };
    return regenerateSecret({ call }, client);
  }

  logIn(who: Credentials, retryFor: number): Promise<Login> {
    return login(this.#sender, this.#org.endpoint, who, retryFor);
  }

  /** With the client's own token, so that it does not count against the admin's limit. */
  async revoke(token: Secret): Promise<void> {
    this.#revocations.push(revoke(this.#sender, this.#org.endpoint, token));
  }

  /** The token stays the fleet's. */
  async signOut(): Promise<void> {
    await Promise.allSettled(this.#revocations);
  }
}
