import { randomUUID } from "node:crypto";
import { conflict, notFound } from "./api-error";
import type { ClientRequest, EntityRef, OAuthClient } from "./oauth-client";
import { newSecret } from "./random-credential";

/** A secret that a client has, or once had. */
export interface IssuedSecret {
  readonly clientId: string;
  readonly secret: string;
}

interface Entry {
  client: OAuthClient;
  secret: string;
  /** Milliseconds since the epoch from which on the login service knows the secret. */
  acceptedFrom: number;
  /** Undefined: what its roles allow. */
  readonly permissions?: readonly string[];
}

interface NewClient {
  /** @default - a new UUID */
  readonly id?: string;
  /** @default - a new one */
  readonly secret?: string;
  /** @default - what its roles allow */
  readonly permissions?: readonly string[];
  /** The client that asks. @default - itself */
  readonly by?: string;
}

/** The org's OAuth clients, each with its one secret. */
export class ClientRegistry {
  readonly #entries = new Map<string, Entry>();
  readonly #issued: IssuedSecret[] = [];

  /** @param loginLagMs milliseconds for which the login service still refuses a regenerated secret */
  constructor(private readonly loginLagMs: number) {}

  /** Adds a client with a secret of its own; the name may be taken already, as in Genesys Cloud. */
  create(request: ClientRequest, given: NewClient = {}): { client: OAuthClient; secret: string } {
    const id = given.id ?? randomUUID();
    const now = new Date().toISOString();
    const by = reference(given.by ?? id);
    const client: OAuthClient = {
      ...request,
      id,
      state: request.state ?? "active",
      dateCreated: now,
      dateModified: now,
      createdBy: by,
      modifiedBy: by,
      selfUri: `/api/v2/oauth/clients/${id}`,
    };
    const secret = given.secret ?? newSecret();
    this.#entries.set(id, { client, secret, acceptedFrom: 0, permissions: given.permissions });
    this.#issued.push({ clientId: id, secret });
    return { client, secret };
  }

  /** All clients, in the order in which they were made. */
  list(): OAuthClient[] {
    return [...this.#entries.values()].map(({ client }) => client);
  }

  find(id: string): OAuthClient | undefined {
    return this.#entries.get(id)?.client;
  }

  /** @throws ApiError 404 when there is no such client */
  get(id: string): OAuthClient {
    return this.#entry(id).client;
  }

  /**
   * Puts what was requested in place of what was there; a state that was not requested stays.
   *
   * @throws ApiError 404 when there is no such client
   */
  replace(id: string, request: ClientRequest, by: string): OAuthClient {
    const entry = this.#entry(id);
    const { state, dateCreated, createdBy, selfUri } = entry.client;
    entry.client = {
      ...request,
      id,
      state: request.state ?? state,
      dateCreated,
      dateModified: new Date().toISOString(),
      createdBy,
      modifiedBy: reference(by),
      selfUri,
    };
    return entry.client;
  }

  /**
   * Makes a new secret. The old one is dead when this returns: there is no overlap.
   *
   * @throws ApiError 404 when there is no such client
   */
  regenerate(id: string, by: string): { client: OAuthClient; secret: string } {
    const entry = this.#entry(id);
    entry.secret = newSecret();
    entry.acceptedFrom = Date.now() + this.loginLagMs;
    entry.client = { ...entry.client, dateModified: new Date().toISOString(), modifiedBy: reference(by) };
    this.#issued.push({ clientId: id, secret: entry.secret });
    return { client: entry.client, secret: entry.secret };
  }

  /** @throws ApiError 404 when there is no such client, 409 when it is not inactive */
  remove(id: string): void {
    if (this.get(id).state !== "inactive") {
      throw conflict(`OAuth client ${id} is not inactive: set its state to inactive before deleting it`);
    }
    this.#entries.delete(id);
  }

  /** Whether the login service knows this secret as this client's now, whatever its grant and its state. */
  authenticates(id: string, secret: string): boolean {
    const entry = this.#entries.get(id);
    return entry !== undefined && entry.secret === secret && Date.now() >= entry.acceptedFrom;
  }

  /** @throws ApiError 404 when there is no such client */
  liveSecret(id: string): string {
    return this.#entry(id).secret;
  }

  /** The permissions that the client was given one by one; undefined: what its roles allow. */
  ownPermissions(id: string): readonly string[] | undefined {
    return this.#entries.get(id)?.permissions;
  }

  /** Every secret since the start, of clients that are gone, too. */
  everySecret(): IssuedSecret[] {
    return [...this.#issued];
  }

  #entry(id: string): Entry {
    const entry = this.#entries.get(id);
    if (!entry) throw notFound(`OAuth client ${id}`);
    return entry;
  }
}

const reference = (clientId: string): EntityRef => ({
  id: clientId,
  selfUri: `/api/v2/oauth/clients/${clientId}`,
});
