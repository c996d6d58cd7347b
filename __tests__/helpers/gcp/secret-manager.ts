import type { IncomingMessage, ServerResponse } from "node:http";

type State = "ENABLED" | "DISABLED" | "DESTROYED";

interface Version {
  state: State;
  value: string | undefined;
}

/** An answer of the service that is not what was asked for. */
class Refusal extends Error {
  readonly code: number;
  readonly status: string;

  constructor(code: number, status: string, message: string) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

const EVERY_RIGHT = [
  "secretmanager.versions.access",
  "secretmanager.versions.add",
  "secretmanager.versions.disable",
  "secretmanager.versions.destroy",
  "secretmanager.secrets.create",
  "secretmanager.secrets.get",
] as const;

const HOST = "secretmanager.googleapis.com";

/**
 * The secrets of one project; those of a region have its name and a slash before their own. As the REST reference of
 * Google Cloud Secret Manager v1 describes them.
 */
export class SecretManager {
  readonly #project: string;
  readonly #token: string;
  readonly #secrets = new Map<string, Version[]>();
  rights: readonly string[] = EVERY_RIGHT;
  /** How many answers to added versions get lost. */
  losesAnswers = 0;
  /** How many reads of the latest version still give the one before. */
  lags = 0;
  /** Method and path of each request that came with the token. */
  readonly calls: string[] = [];
  /** What a created secret said of its replication. */
  readonly replications = new Map<string, unknown>();
  /** What secrets have besides: labels, annotations, rotation, expireTime, versionAliases. */
  readonly traits = new Map<string, Readonly<Record<string, unknown>>>();
  /** Why every added version is refused, such as by a key that cannot encrypt. @default - none is */
  refusesToAdd: string | undefined;
  /** Why no version is given out, such as by a key that cannot decrypt. @default - all are */
  refusesToAccess: string | undefined;

  /** @param token what the token service gives out */
  constructor(project: string, token: string) {
    this.#project = project;
    this.#token = token;
  }

  create(secret: string): void {
    this.#secrets.set(secret, []);
  }

  add(secret: string, value: string): number {
    const versions = this.#secrets.get(secret) ?? [];
    versions.push({ state: "ENABLED", value });
    this.#secrets.set(secret, versions);
    return versions.length;
  }

  exists(secret: string): boolean {
    return this.#secrets.has(secret);
  }

  /** What the latest version holds. */
  value(secret: string): string | undefined {
    return this.#secrets.get(secret)?.at(-1)?.value;
  }

  states(secret: string): readonly State[] {
    return (this.#secrets.get(secret) ?? []).map(({ state }) => state);
  }

  setState(secret: string, version: number, state: State): void {
    const found = this.#secrets.get(secret)?.[version - 1];
    if (!found) throw notFound(secret);
    found.state = state;
    if (state === "DESTROYED") found.value = undefined;
  }

  /** The listener for an HTTP server. */
  readonly listener = (request: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const [status, body] = this.#answer(request, Buffer.concat(chunks).toString("utf8"));
      if (request.url?.includes(":addVersion") && status === 200 && this.losesAnswers-- > 0) {
        request.socket.destroy();
        return;
      }
      response
        .writeHead(status, { "content-type": "application/json; charset=UTF-8" })
        .end(JSON.stringify(body));
    });
  };

  #answer({ method = "GET", url = "", headers }: IncomingMessage, text: string): [number, unknown] {
    try {
      if (headers.authorization !== `Bearer ${this.#token}`)
        throw new Refusal(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.");
      const { pathname, searchParams } = new URL(url, "https://secretmanager.googleapis.com");
      this.calls.push(`${method} ${pathname}`);
      const [, project, location = "", rest = ""] =
        /^\/v1\/projects\/([^/]+)(?:\/locations\/([^/]+))?\/secrets(.*)$/.exec(pathname) ?? [];
      if (project !== this.#project)
        throw new Refusal(403, "PERMISSION_DENIED", "Permission denied on resource.");
      const host = location === "" ? HOST : `secretmanager.${location}.rep.googleapis.com`;
      if (headers.host?.endsWith("googleapis.com") && headers.host !== host)
        throw new Refusal(404, "NOT_FOUND", "The secret is not served at this endpoint.");
      const body = text === "" ? {} : JSON.parse(text);
      const region = location === "" ? "" : `${location}/`;
      return [200, this.#route(method, region, rest, searchParams.get("secretId"), body)];
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { code, message, status } = error;
      return [code, { error: { code, message, status } }];
    }
  }

  #route(
    method: string,
    region: string,
    path: string,
    secretId: string | null,
    body: Record<string, unknown>,
  ): unknown {
    if (method === "POST" && path === "" && secretId) {
      if (region === "" ? body.replication === undefined : body.replication !== undefined)
        throw new Refusal(
          400,
          "INVALID_ARGUMENT",
          "Replication is for secrets of all regions, and must be given.",
        );
      return this.#createSecret(region + secretId, body.replication);
    }
    const [, name = "", version, verb] = /^\/([^/:]+)(?:\/versions\/([^/:]+))?(?::(\w+))?$/.exec(path) ?? [];
    const secret = region + name;
    if (method === "GET" && !version && !verb) return this.#get(secret);
    if (method === "GET" && version && verb === "access") return this.#access(secret, version);
    if (method === "POST" && verb === "addVersion") return this.#addVersion(secret, body);
    if (method === "POST" && verb === "testIamPermissions") return this.#testRights(secret, body);
    if (method === "POST" && version && verb === "disable")
      return this.#change(secret, version, "disable", "DISABLED");
    if (method === "POST" && version && verb === "destroy")
      return this.#change(secret, version, "destroy", "DESTROYED");
    throw new Refusal(404, "NOT_FOUND", "The requested URL was not found.");
  }

  #need(right: string, secret: string): void {
    if (this.rights.includes(right)) return;
    const resource = `projects/${this.#project}/secrets/${secret}`;
    throw new Refusal(
      403,
      "PERMISSION_DENIED",
      `Permission '${right}' denied for resource '${resource}' (or it may not exist).`,
    );
  }

  #createSecret(secret: string, replication: unknown): unknown {
    this.#need("secretmanager.secrets.create", secret);
    if (this.exists(secret)) throw new Refusal(409, "ALREADY_EXISTS", `Secret [${secret}] already exists.`);
    this.create(secret);
    this.replications.set(secret, replication);
    return { name: this.#name(secret), replication };
  }

  #get(secret: string): unknown {
    this.#need("secretmanager.secrets.get", secret);
    this.#versions(secret);
    return {
      name: this.#name(secret),
      replication: this.replications.get(secret),
      ...this.traits.get(secret),
    };
  }

  #access(secret: string, asked: string): unknown {
    this.#need("secretmanager.versions.access", secret);
    const versions = this.#versions(secret);
    const lag = asked === "latest" && this.lags-- > 0 ? 1 : 0;
    const number = asked === "latest" ? versions.length - lag : Number(asked);
    const name = `${this.#name(secret)}/versions/${number}`;
    const version = versions[number - 1];
    if (!version) throw notFound(`${this.#name(secret)}/versions/${asked}`);
    if (this.refusesToAccess) throw new Refusal(400, "FAILED_PRECONDITION", this.refusesToAccess);
    if (version.state !== "ENABLED")
      throw new Refusal(400, "FAILED_PRECONDITION", `Secret Version [${name}] is in ${version.state} state.`);
    return { name, payload: { data: Buffer.from(version.value ?? "").toString("base64") } };
  }

  #addVersion(secret: string, body: { payload?: { data?: string } }): unknown {
    this.#need("secretmanager.versions.add", secret);
    if (this.refusesToAdd) throw new Refusal(400, "FAILED_PRECONDITION", this.refusesToAdd);
    this.#versions(secret);
    const number = this.add(secret, Buffer.from(body.payload?.data ?? "", "base64").toString("utf8"));
    return { name: `${this.#name(secret)}/versions/${number}`, state: "ENABLED" };
  }

  #testRights(secret: string, { permissions }: { permissions?: string[] }): unknown {
    const granted = this.exists(secret) ? permissions?.filter((right) => this.rights.includes(right)) : [];
    return granted?.length ? { permissions: granted } : {};
  }

  #change(secret: string, version: string, verb: string, state: State): unknown {
    this.#need(`secretmanager.versions.${verb}`, secret);
    this.setState(secret, Number(version), state);
    return { name: `${this.#name(secret)}/versions/${version}`, state };
  }

  #versions(secret: string): Version[] {
    const versions = this.#secrets.get(secret);
    if (!versions) throw notFound(this.#name(secret));
    return versions;
  }

  /** Google answers with the project's number, whatever was asked. */
  #name(secret: string): string {
    const [name, region] = secret.split("/").reverse();
    return `projects/123456789012${region === undefined ? "" : `/locations/${region}`}/secrets/${name}`;
  }
}

function notFound(what: string): Refusal {
  return new Refusal(404, "NOT_FOUND", `Secret [${what}] not found or has no versions.`);
}
