import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { AllowList } from "./allow-list";
import type { IssuedSecret } from "./client-registry";
import { readClientRequest } from "./client-request";
import type { Fault } from "./fault";
import { FaultPlan } from "./fault-plan";
import { orgServer } from "./http-server";
import { Journal, type JournalEntry, type RequestListener } from "./journal";
import type { ClientState, Grant, OAuthClient, RoleDivision } from "./oauth-client";
import { Org, type OrgOptions } from "./org";
import type { Division, Role } from "./organization";
import { newSecret } from "./random-credential";

const HOST = "127.0.0.1";

export interface ClientCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface SandboxOptions extends OrgOptions {
  /** TCP port on 127.0.0.1. @default - a free one */
  readonly port?: number;
  /** The client that may do everything. @default - a new id and secret */
  readonly admin?: ClientCredentials;
}

export interface NewSandboxClient {
  readonly name: string;
  /** @default "CLIENT-CREDENTIALS" */
  readonly grant?: Grant;
  /** @default "active" */
  readonly state?: ClientState;
  /** @default - none */
  readonly description?: string;
  /** Such as `oauth:client:view`. @default - what its roles allow */
  readonly permissions?: readonly string[];
  /** @default - none */
  readonly roleDivisions?: readonly RoleDivision[];
}

/** An org that runs on this machine, and everything about it that a real one would not tell. */
export interface Sandbox {
  /** `http://127.0.0.1:PORT`: both the API (`/api/v2/…`) and the login (`/oauth/token`). */
  readonly origin: string;
  readonly host: string;
  readonly port: number;
  readonly protocol: "http";
  readonly admin: ClientCredentials;
  /** What the Terraform provider and `genesys-secret` need in their environment to work against it as the admin. */
  readonly environment: Readonly<Record<string, string>>;
  readonly roles: readonly Role[];
  readonly divisions: readonly Division[];
  /** Every request since the start but those of the controls, oldest first; it grows. */
  readonly journal: readonly Readonly<JournalEntry>[];
  addClient(client: NewSandboxClient): { id: string; secret: string };
  client(id: string): OAuthClient | undefined;
  clients(): OAuthClient[];
  /** The secret that the client has now, whether it can log in or not. @throws Error when there is no such client */
  liveSecret(id: string): string;
  /** Whether the login service takes this secret now: of an active client, the live one, and known there. */
  accepts(id: string, secret: string): boolean;
  /** The fields of an integration credential, which the API never answers. */
  credentialFields(id: string): Readonly<Record<string, string>> | undefined;
  /** Every client secret since the start, for sweeps. */
  everySecretEver(): IssuedSecret[];
  /** Every access token since the start, for sweeps. */
  everyTokenEver(): string[];
  /** @throws TypeError when the fault is not well formed, naming the property */
  fault(fault: Fault): void;
  clearFaults(): void;
  /** Sets the list of a client, or of the org. @throws TypeError when it is not well formed, naming the property */
  allow(list: AllowList): void;
  /** Every client may log in from everywhere. */
  allowAll(): void;
  /** Called when a request has arrived and done nothing yet; the org waits for a promise. @returns its removal */
  onRequest(listener: RequestListener): () => void;
  /** Called when the org has acted and not answered yet; the org waits for a promise. @returns its removal */
  onEffect(listener: RequestListener): () => void;
  /** Called when an answer has left, or its connection was cut. @returns its removal */
  onAnswer(listener: RequestListener): () => void;
  /** Cuts all connections and frees the port. Calling it twice is fine. */
  close(): Promise<void>;
}

/**
 * Starts an org on loopback.
 *
 * @throws Error when the port is taken (`code` is EADDRINUSE)
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const org = new Org(options);
  const faults = new FaultPlan();
  const journal = new Journal();
  const closing = new AbortController();
  const admin = options.admin ?? { clientId: randomUUID(), clientSecret: newSecret() };
  org.clients.create(
    readClientRequest({ name: "Sandbox Admin", authorizedGrantType: "CLIENT-CREDENTIALS" }),
    { id: admin.clientId, secret: admin.clientSecret, permissions: ["*"] },
  );

  const server = orgServer(org, faults, journal, closing.signal);
  server.listen(options.port ?? 0, HOST);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;

  return {
    origin: `http://${HOST}:${port}`,
    host: HOST,
    port,
    protocol: "http",
    admin,
    environment: {
      GENESYSCLOUD_OAUTHCLIENT_ID: admin.clientId,
      GENESYSCLOUD_OAUTHCLIENT_SECRET: admin.clientSecret,
      GENESYSCLOUD_REGION: "us-east-1",
      GENESYSCLOUD_GATEWAY_HOST: HOST,
      GENESYSCLOUD_GATEWAY_PORT: String(port),
      GENESYSCLOUD_GATEWAY_PROTOCOL: "http",
      // A clock that runs fast is no secret: `rotate` keeps to its minutes.
      ...(options.minuteMs !== undefined && { GENESYS_SECRET_SANDBOX_MINUTE_MS: String(options.minuteMs) }),
    },
    roles: org.organization.roles,
    divisions: org.organization.divisions,
    journal: journal.entries,
    addClient: ({ name, grant = "CLIENT-CREDENTIALS", state, description, permissions, roleDivisions }) => {
      const request = readClientRequest({ name, authorizedGrantType: grant, description, roleDivisions });
      const { client, secret } = org.clients.create({ ...request, ...(state && { state }) }, { permissions });
      return { id: client.id, secret };
    },
    client: (id) => org.clients.find(id),
    clients: () => org.clients.list(),
    liveSecret: (id) => org.clients.liveSecret(id),
    accepts: (id, secret) =>
      org.clients.find(id)?.state === "active" && org.clients.authenticates(id, secret),
    credentialFields: (id) => org.credentials.fieldsOf(id),
    everySecretEver: () => org.clients.everySecret(),
    everyTokenEver: () => org.tokens.everyValue(),
    fault: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    allow: (list) => org.allowLists.set(list),
    allowAll: () => org.allowLists.clear(),
    onRequest: (listener) => journal.onArrival(listener),
    onEffect: (listener) => journal.onEffect(listener),
    onAnswer: (listener) => journal.onAnswer(listener),
    close: async () => {
      if (!server.listening) return;
      closing.abort();
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
