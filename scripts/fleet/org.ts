import type { AdminCredentials } from "../core/admin-credentials";
import { AuthenticationError, ClientError, type GenesysSecretError, UnavailableError } from "../core/errors";
import { printable } from "../core/printable";
import type { Progress } from "../core/progress";
import type { OAuthClient } from "../genesys/answers";
import type { Endpoint } from "../genesys/endpoint";
import { NamedClients } from "../genesys/named-clients";
import { listClients } from "../genesys/oauth-clients";
import { type GenesysCall, Session } from "../genesys/session";
import { Transport } from "../genesys/transport";
import type { Credential } from "../stores/genesys-credential/api";
import { listCredentials } from "../stores/genesys-credential/unlisted-credentials";
import type { FleetClient } from "./manifest";
import { Limits } from "./paced-transport";

/** So many clients in a row for which the service gave no answer in time: it is down. */
const MOST_UNAVAILABLE = 10;

export interface OrgOptions {
  readonly endpoint: Endpoint;
  readonly admin: AdminCredentials;
  readonly progress: Progress;
  /** Cuts what is under way before the first client is started. */
  readonly abort: AbortSignal;
  /** How long each call goes on retrying transient faults, milliseconds. */
  readonly retryFor: number;
  /** How long the API's minute is. @default - a minute */
  readonly minuteMs?: number;
}

/** An org, as one admin sees it, for all of its clients in the fleet: one token, one listing, one rate. */
export class Org {
  readonly endpoint: Endpoint;
  readonly limits: Limits;
  readonly session: Session;
  /** The org's integration credentials that hold an OAuth client, as far as the admin may list them. */
  credentials: readonly Credential[] = [];
  /** The id of the admin's own client, where it is known. */
  adminClientId: string | undefined;
  readonly #transport: Transport;
  #named: NamedClients | undefined;
  readonly #byId = new Map<string, OAuthClient>();
  #unavailable = 0;
  #broken: GenesysSecretError | undefined;

  constructor({ endpoint, admin, progress, abort, retryFor, minuteMs }: OrgOptions) {
    this.endpoint = endpoint;
    this.limits = new Limits(minuteMs);
    this.#transport = new Transport(endpoint, progress, abort);
    this.session = new Session(this.limits.over(this.#transport), endpoint, admin, retryFor);
  }

  readonly call: GenesysCall = (request) => this.session.call(request);

  /**
   * Signs in and lists the org's clients and integration credentials, once for all.
   * @param wanted the clients that will be asked for; nothing is kept of the others
   * @throws {AuthenticationError | PermissionError | UnavailableError}
   */
  async open(wanted: readonly FleetClient[]): Promise<void> {
    this.adminClientId = await this.session.signIn();
    const ids = new Set(
      wanted.flatMap(({ clientId, twin }) => (clientId === undefined ? [] : [clientId, twin])),
    );
    const names = wanted.flatMap(({ name, twin }) => (name === undefined ? [] : [name, twin ?? name]));
    this.#named = new NamedClients(names, this.endpoint.region);
    for await (const client of listClients(this.session, this.endpoint)) {
      this.#named.offer(client);
      if (ids.has(client.id)) this.#byId.set(client.id, client);
    }
    this.credentials = await listCredentials((request) => this.session.call({ ...request, retryFor: 0 }));
    this.#transport.ignoreInterrupts();
  }

  /**
   * The client, or both twins.
   * @throws {ClientError} when there is no such client, or a name fits several
   */
  find({ name, clientId, twin }: FleetClient): readonly OAuthClient[] {
    const find = (who: string): OAuthClient =>
      name === undefined ? this.#withId(who) : (this.#named as NamedClients).only(who);
    return [name ?? (clientId as string), ...(twin === undefined ? [] : [twin])].map(find);
  }

  #withId(id: string): OAuthClient {
    const client = this.#byId.get(id);
    if (client) return client;
    throw new ClientError(`There is no OAuth client ${printable(id)} in ${this.endpoint.region.name}.`, {
      code: "ERR_CLIENT_NOT_FOUND",
      remedy: "Check the client id and the region, then run again.",
    });
  }

  /** Why it makes no sense to start further clients; undefined when it does. */
  get broken(): GenesysSecretError | undefined {
    return this.#broken;
  }

  /** How it went for a client: without its admin, or with no answers any more, the others need not be tried. */
  note(error: GenesysSecretError | undefined): void {
    this.#unavailable = error instanceof UnavailableError ? this.#unavailable + 1 : 0;
    if (error instanceof AuthenticationError || this.#unavailable >= MOST_UNAVAILABLE) this.#broken ??= error;
  }

  close(): Promise<void> {
    return this.session.signOut();
  }
}
