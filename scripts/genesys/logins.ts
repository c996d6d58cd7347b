import type { Secret } from "../core/secret";
import type { Endpoint } from "./endpoint";
import { type Credentials, type Login, login } from "./login";
import { revoke } from "./session";
import type { Transport } from "./transport";

/** Logins as clients, with no admin: what is needed to tell a live secret from a dead one. */
export class Logins {
  readonly #transport: Transport;
  readonly #endpoint: Endpoint;

  constructor(transport: Transport, endpoint: Endpoint) {
    this.#transport = transport;
    this.#endpoint = endpoint;
  }

  /** @param retryFor how long to retry transient faults, milliseconds */
  logIn(who: Credentials, retryFor: number): Promise<Login> {
    return login(this.#transport, this.#endpoint, who, retryFor);
  }

  revoke(token: Secret): Promise<void> {
    return revoke(this.#transport, this.#endpoint, token);
  }
}
