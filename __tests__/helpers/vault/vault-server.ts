import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import {
  type Answer,
  DENIED,
  envelope,
  failed,
  INVALID_TOKEN,
  keptBack,
  NO_CONTENT,
  sysEnvelope,
} from "./answer";
import { Kv2Mount } from "./kv2-mount";
import { OtherMount } from "./other-mount";
import { capabilities, hasMountAccess, type Rules, type Token, TokenBook } from "./token-book";

type Mount = Kv2Mount | OtherMount;

/** An auth method: who gives these fields gets a token with these rules. */
export interface AuthMethod {
  readonly type: "approle" | "kubernetes" | "jwt";
  readonly credentials: Readonly<Record<string, string>>;
  readonly rules: Rules;
  /** Seconds that its tokens live. @default 1200 */
  readonly ttl?: number;
  /** Uses that its tokens have. @default - without end */
  readonly uses?: number;
}

export interface VaultRequest {
  readonly method: string;
  /** Below `/v1/`. */
  readonly path: string;
  readonly namespace: string;
  /** @default - it has none */
  readonly body?: unknown;
}

const CAPABILITY: Readonly<Record<string, string>> = { GET: "read", DELETE: "delete" };
const LOGIN_TTL_S = 1200;

/**
 * A Vault with KV secrets engines for tests, written from the API's documentation and true to its errors. Namespaces
 * keep mounts apart; policies are rules by path.
 */
export class VaultServer {
  readonly tokens = new TokenBook();
  /** Mounts by namespace and path: "team/kv/orders/". */
  readonly #mounts = new Map<string, Mount>();
  /** Paths in a control group (Vault Enterprise): a write there waits until somebody approves of it. */
  readonly controlled = new Set<string>();
  readonly #methods = new Map<string, AuthMethod>();
  /** What was asked, oldest first. */
  readonly requests: VaultRequest[] = [];
  /** Answers this in place of a request's own answer; after its effect when `after` says so. */
  interfere: ((request: VaultRequest) => { answer: Answer | "cut"; after?: boolean } | undefined) | undefined;

  /** @param path ends in a slash */
  mountKv2(path: string, namespace = ""): Kv2Mount {
    const mount = new Kv2Mount();
    this.#mounts.set(namespace + path, mount);
    return mount;
  }

  mount(path: string, type: string, options: Readonly<Record<string, string>> | null = null): void {
    this.#mounts.set(path, new OtherMount(type, options));
  }

  /** @param path such as "approle" */
  enableAuth(path: string, method: AuthMethod): void {
    this.#methods.set(path, method);
  }

  readonly listener: RequestListener = (request, response) => {
    this.#serve(request, response).catch(() => response.destroy());
  };

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString("utf8");
    const named = String(incoming.headers["x-vault-namespace"] ?? "").replace(/^\/+|\/+$/g, "");
    const body = text === "" ? undefined : (JSON.parse(text) as unknown);
    const request: VaultRequest = {
      method: incoming.method ?? "GET",
      path: decodeURIComponent((incoming.url ?? "").split("?")[0] ?? "").replace(/^\/v1\//, ""),
      namespace: named === "" ? "" : `${named}/`,
      body,
    };
    this.requests.push(request);
    const instead = this.interfere?.(request);
    const own =
      instead && !instead.after
        ? undefined
        : this.#answer(request, String(incoming.headers["x-vault-token"] ?? ""), body);
    const answer = instead?.answer ?? (own as Answer);
    if (answer === "cut") {
      incoming.socket.destroy();
      return;
    }
    response.writeHead(answer.status, { "content-type": "application/json", "cache-control": "no-store" });
    response.end(answer.body === undefined ? undefined : `${JSON.stringify(answer.body)}\n`);
  }

  #answer(request: VaultRequest, tokenId: string, body: unknown): Answer {
    const { method, path, namespace } = request;
    if (![...this.#mounts.keys(), ...this.#methods.keys()].some((known) => known.startsWith(namespace)))
      return failed(404, "namespace not found");
    const login = /^auth\/(.+)\/login$/.exec(path);
    if (login && method !== "GET") return this.#logIn(login[1] as string, namespace, body);

    const token = this.tokens.find(tokenId, namespace);
    if (!token) return tokenId === "" ? failed(403, "permission denied") : INVALID_TOKEN;
    this.tokens.use(token);
    // Not behind policies: it answers by the rights in the mount itself.
    if (path.startsWith("sys/internal/ui/mounts/"))
      return this.#mountOf(path.slice("sys/internal/ui/mounts/".length), namespace, token);

    const found = this.#find(namespace + path);
    const below = found ? (namespace + path).slice(found.path.length) : "";
    // A policy's paths begin where its token's namespace is.
    const granted = capabilities(token, (namespace + path).slice(token.namespace.length));
    const asked = CAPABILITY[method] ?? writeCapability(found?.mount, below);
    if (!granted.includes("root") && !granted.includes(asked)) return DENIED;
    if (path === "auth/token/lookup-self") return envelope({ data: lookUp(token) });
    if (path === "auth/token/revoke-self") {
      this.tokens.revoke(token);
      return NO_CONTENT;
    }
    if (path === "sys/capabilities-self") return capabilitiesOf(token, body);
    if (method !== "GET" && this.controlled.has(path)) return keptBack();
    if (found) return found.mount.serve(method, below, body);
    return failed(404, `no handler for route "${path}". route entry not found.`);
  }

  #find(path: string): { path: string; mount: Mount } | undefined {
    for (const [prefix, mount] of this.#mounts) if (path.startsWith(prefix)) return { path: prefix, mount };
    return undefined;
  }

  /** A mount that is not there looks like one without rights, so that nobody can guess names. */
  #mountOf(path: string, namespace: string, token: Token): Answer {
    const found = this.#find(`${namespace}${path}/`);
    const relative = found?.path.slice(namespace.length) ?? "";
    if (!found || !hasMountAccess(token, found.path.slice(token.namespace.length))) {
      const why = `preflight capability check returned 403, please ensure client's policies grant access to path "${path}/"`;
      return failed(403, why);
    }
    const { type, options } = found.mount;
    return sysEnvelope({ type, options, path: relative, description: "", uuid: "0", accessor: `${type}_0` });
  }

  #logIn(path: string, namespace: string, body: unknown): Answer {
    const method = this.#methods.get(namespace + path);
    if (!method) return failed(403, "permission denied");
    const given = (body ?? {}) as Record<string, unknown>;
    const fits = Object.entries(method.credentials).every(([name, value]) => given[name] === value);
    if (!fits)
      return method.type === "kubernetes"
        ? failed(403, "permission denied")
        : failed(400, method.type === "approle" ? "invalid role or secret ID" : "error validating token");
    const ttl = method.ttl ?? LOGIN_TTL_S;
    const { id, accessor } = this.tokens.issue({ rules: method.rules, namespace, ttl, uses: method.uses });
    const auth = {
      client_token: id,
      accessor,
      policies: ["default", "orders"],
      token_policies: ["default", "orders"],
      metadata: {},
      lease_duration: ttl,
      renewable: true,
      entity_id: "",
      token_type: "service",
      orphan: true,
      num_uses: 0,
    };
    return envelope({ auth });
  }
}

/** A write to what is there is an update, one to what is not is a create. */
function writeCapability(mount: Mount | undefined, below: string): string {
  if (!(mount instanceof Kv2Mount)) return "update";
  return mount.versions(below.replace(/^data\//, "")) > 0 ? "update" : "create";
}

function lookUp({ id, accessor, expires, uses, namespace }: Token): Readonly<Record<string, unknown>> {
  const ttl = expires === undefined ? 0 : Math.ceil((expires - Date.now()) / 1000);
  return {
    id,
    accessor,
    ttl,
    num_uses: uses,
    policies: ["default"],
    namespace_path: namespace,
    type: "service",
  };
}

function capabilitiesOf(token: Token, body: unknown): Answer {
  // `path` is the older name, which the official client still uses.
  const { paths, path } = (body ?? {}) as { paths?: string[]; path?: string };
  const asked = paths ?? (path === undefined ? [] : [path]);
  if (asked.length === 0) return failed(400, "paths must be supplied");
  const data = Object.fromEntries(asked.map((one) => [one, capabilities(token, one)]));
  return sysEnvelope(asked.length === 1 ? { ...data, capabilities: data[asked[0] as string] } : data);
}
