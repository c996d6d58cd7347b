import { StoreFault } from "../../core/errors";
import { type JsonAnswer, JsonHttp } from "../../http/json-http";
import type { StoreContext } from "../store";
import type { GoogleCredentials } from "./credential";
import { DisabledVersionFault, SecretManagerFault } from "./fault";

/** How long a request that changes nothing is repeated; writes are repeated by the protocol. */
const RETRY_MS = 5_000;

export type Right = "versions.access" | "versions.add" | "versions.disable" | "secrets.get";

/** What a secret has besides its versions, as far as it matters here. */
export interface SecretTraits {
  /** When Google deletes it. */
  readonly expireTime?: string;
  /** Names of single versions. */
  readonly aliases: readonly string[];
}

/** A version of the secret and what it holds. */
export interface SecretVersion {
  readonly number: number;
  readonly value: string;
}

/**
 * The calls about one secret, after the REST reference of Secret Manager v1. Google's own client brings gRPC and 2 MB
 * of it, follows redirects and passes the proxy by; of it only the part that gets tokens is used.
 */
export class SecretResource {
  readonly #http: JsonHttp;
  readonly #credentials: GoogleCredentials;
  readonly #signal: AbortSignal;
  readonly #parent: string;
  readonly #isRegional: boolean;
  readonly #id: string;

  /** @param place project, secret and, of a regional one, its region */
  constructor(
    [project, secret, location]: readonly [string, string, string?],
    credentials: GoogleCredentials,
    context: StoreContext,
  ) {
    const host =
      location === undefined
        ? "secretmanager.googleapis.com"
        : `secretmanager.${location}.rep.googleapis.com`;
    const server = { name: "Google Secret Manager", base: `https://${host}/v1` };
    this.#http = new JsonHttp(server, context.progress);
    this.#credentials = credentials;
    this.#signal = context.signal;
    const region = location === undefined ? "" : `/locations/${location}`;
    this.#parent = `/projects/${encodeURIComponent(project)}${region}`;
    this.#isRegional = location !== undefined;
    this.#id = secret;
  }

  /** What of these rights the credentials have; none for a secret that does not exist. */
  async rights(asked: readonly Right[]): Promise<readonly Right[]> {
    const permissions = asked.map((right) => `secretmanager.${right}`);
    const body = await this.#call("POST", ":testIamPermissions", { permissions }, RETRY_MS);
    const granted = Array.isArray(body.permissions) ? body.permissions : [];
    return asked.filter((_, index) => granted.includes(permissions[index]));
  }

  /** What of the secret may keep readers from its latest version. */
  async traits(): Promise<SecretTraits> {
    const { expireTime, versionAliases } = await this.#call("GET", "", undefined, RETRY_MS);
    return {
      ...(typeof expireTime === "string" && { expireTime }),
      aliases: typeof versionAliases === "object" && versionAliases ? Object.keys(versionAliases) : [],
    };
  }

  /**
   * A version; undefined when there is none, or what it held was destroyed.
   * @param version its number. @default - the latest
   * @throws {DisabledVersionFault}
   */
  async access(version?: number, retryFor = RETRY_MS): Promise<SecretVersion | undefined> {
    const answer = await this.#send("GET", `/versions/${version ?? "latest"}:access`, undefined, retryFor);
    if (answer.status === 404 || (answer.status === 400 && stateOf(answer) === "DESTROYED")) return undefined;
    if (answer.status === 400 && stateOf(answer) === "DISABLED")
      throw new DisabledVersionFault(version ?? numberSaid(answer));
    const { name, payload } = success(answer) as { name?: unknown; payload?: { data?: unknown } };
    if (typeof payload?.data !== "string") throw unlike();
    return { number: numberIn(name), value: Buffer.from(payload.data, "base64").toString("utf8") };
  }

  /** Adds a version, the latest from then on. @returns its number */
  async add(value: string): Promise<number> {
    const payload = { data: Buffer.from(value, "utf8").toString("base64") };
    const { name } = await this.#call("POST", ":addVersion", { payload });
    return numberIn(name);
  }

  async disable(version: number): Promise<void> {
    await this.#call("POST", `/versions/${version}:disable`, {});
  }

  /** Destroys what a version holds, for good. */
  async destroy(version: number): Promise<void> {
    await this.#call("POST", `/versions/${version}:destroy`, {});
  }

  /**
   * Creates the secret, without a version.
   * @param locations regions to keep it in; none leaves it to Google
   */
  async create(locations: readonly string[]): Promise<void> {
    const replication =
      locations.length === 0
        ? { automatic: {} }
        : { userManaged: { replicas: locations.map((location) => ({ location })) } };
    // A regional secret is where it is.
    const traits = this.#isRegional ? {} : { replication };
    const path = `${this.#parent}/secrets?secretId=${encodeURIComponent(this.#id)}`;
    const answer = await this.#request("POST", path, traits, 0);
    // Another run may have been faster.
    if (answer.status !== 409) success(answer);
  }

  async #call(
    method: "GET" | "POST",
    suffix: string,
    json: unknown,
    retryFor = 0,
  ): Promise<Record<string, unknown>> {
    return success(await this.#send(method, suffix, json, retryFor));
  }

  #send(method: "GET" | "POST", suffix: string, json: unknown, retryFor: number): Promise<JsonAnswer> {
    return this.#request(
      method,
      `${this.#parent}/secrets/${encodeURIComponent(this.#id)}${suffix}`,
      json,
      retryFor,
    );
  }

  async #request(method: "GET" | "POST", path: string, json: unknown, retryFor: number): Promise<JsonAnswer> {
    const headers = await this.#credentials.headers();
    return this.#http.send({ method, path, headers, json, retryFor, signal: this.#signal });
  }
}

function success({ status, body }: JsonAnswer): Record<string, unknown> {
  if (status >= 300) {
    const word = (body as { error?: { status?: unknown } } | undefined)?.error?.status;
    throw new SecretManagerFault(status, isWord(word) ? word : undefined);
  }
  if (typeof body !== "object" || body === null) throw unlike();
  return body as Record<string, unknown>;
}

/**
 * The state that Google says a version is in, when that is why it gives nothing. A key of Cloud KMS has such states,
 * too, and says so in other words ("is not enabled, current state is: DISABLED"): then nothing is known of the version.
 */
function stateOf({ body }: JsonAnswer): string | undefined {
  return /^Secret Version \[[^\]]*\] is in (DISABLED|DESTROYED) state\b/.exec(messageOf(body))?.[1];
}

/** The number of the version that Google's refusal is about; undefined when it names none. */
function numberSaid({ body }: JsonAnswer): number | undefined {
  const [, digits] = /\/versions\/(\d{1,15})\b/.exec(messageOf(body)) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

function messageOf(body: unknown): string {
  return String((body as { error?: { message?: unknown } } | undefined)?.error?.message);
}

/** The number at the end of "projects/1/secrets/orders/versions/7". */
function numberIn(name: unknown): number {
  const [, digits] = /\/versions\/(\d{1,15})$/.exec(String(name)) ?? [];
  if (digits === undefined) throw unlike();
  return Number(digits);
}

function unlike(): StoreFault {
  return new StoreFault("its answer is not one of Google Secret Manager");
}

function isWord(word: unknown): word is string {
  return typeof word === "string" && /^[A-Z_]{1,60}$/.test(word);
}
