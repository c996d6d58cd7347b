import type { IncomingMessage, ServerResponse } from "node:http";
import { ApiStatus, forbidden, notFound, outdated } from "./api-status";
import { discovery } from "./discovery";
import { ManagedSecret, type SecretBody } from "./managed-secret";

type Verb = "get" | "create" | "patch" | "update" | "delete";

/** Somebody who may call the API server. */
export interface Account {
  readonly name: string;
  readonly token: string;
  verbs: readonly Verb[];
}

/** What an admission webhook is asked; it may change the Secret or throw. */
export type Admission = (secret: ManagedSecret, dryRun: boolean) => void;

/** A request as the journal has it. */
export interface ApiCall {
  readonly method: string;
  readonly path: string;
  readonly dryRun: boolean;
  readonly body: string;
}

/** A Kubernetes API server that knows Secrets, and access reviews about them. */
export class ApiServer {
  readonly namespaces = new Set(["default"]);
  readonly accounts: Account[] = [];
  readonly calls: ApiCall[] = [];
  admission: Admission = () => {};
  readonly #secrets = new Map<string, ManagedSecret>();

  secret(namespace: string, name: string): ManagedSecret | undefined {
    return this.#secrets.get(`${namespace}/${name}`);
  }

  /** Makes or changes a Secret behind everybody's back, as this manager. */
  put(namespace: string, name: string, body: SecretBody, manager: string): void {
    const secret = this.secret(namespace, name) ?? new ManagedSecret(namespace, name);
    secret.update(body, manager);
    this.#secrets.set(`${namespace}/${name}`, secret);
  }

  /** The listener for an HTTP server. */
  readonly listener = (request: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const [status, body] = this.#answer(request, Buffer.concat(chunks).toString("utf8"));
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
  };

  #answer(request: IncomingMessage, text: string): [number, unknown] {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
    const { method = "GET" } = request;
    const dryRun = searchParams.get("dryRun") === "All";
    this.calls.push({ method, path: pathname, dryRun, body: text });
    try {
      const account = this.#authenticate(request.headers.authorization);
      if (request.headers["content-type"]?.includes("protobuf"))
        throw new ApiStatus(415, "UnsupportedMediaType", "the body of the request was in an unknown format");
      const found = discovery(pathname);
      if (method === "GET" && found) return [200, found];
      if (pathname === "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews")
        return [201, this.#review(account, JSON.parse(text))];
      const [, namespace, name] =
        /^\/api\/v1\/namespaces\/([^/]+)\/secrets(?:\/([^/]+))?$/.exec(pathname) ?? [];
      if (namespace === undefined)
        throw new ApiStatus(404, "NotFound", "the server could not find the requested resource");
      if (name === undefined && method === "POST") {
        const body = JSON.parse(text);
        return [
          201,
          this.#create(account, namespace, body, searchParams.get("fieldManager") ?? "unknown", dryRun),
        ];
      }
      if (name === undefined)
        throw new ApiStatus(405, "MethodNotAllowed", "the server does not allow this method");
      if (method === "GET") return [200, this.#get(account, namespace, name)];
      if (method === "DELETE") return [200, this.#delete(account, namespace, name, text)];
      if (method === "PATCH")
        return this.#patch(account, namespace, name, JSON.parse(text), {
          kind: request.headers["content-type"] ?? "",
          manager: searchParams.get("fieldManager"),
          force: searchParams.get("force") === "true",
          dryRun,
        });
      throw new ApiStatus(405, "MethodNotAllowed", "the server does not allow this method");
    } catch (error) {
      if (error instanceof ApiStatus) return [error.code, error];
      throw error;
    }
  }

  #authenticate(header: string | undefined): Account {
    const account = this.accounts.find(({ token }) => header === `Bearer ${token}`);
    if (!account) throw new ApiStatus(401, "Unauthorized", "Unauthorized");
    return account;
  }

  #authorize({ name: user, verbs }: Account, verb: Verb, namespace: string, name: string): void {
    if (!verbs.includes(verb)) throw forbidden(user, verb, name, namespace);
  }

  #review(
    { verbs }: Account,
    review: { spec: { resourceAttributes?: { verb?: string; resource?: string } } },
  ): unknown {
    const { verb, resource } = review.spec.resourceAttributes ?? {};
    const allowed = resource === "secrets" && verbs.some((one) => one === verb);
    return { ...review, metadata: {}, status: { allowed } };
  }

  #get(account: Account, namespace: string, name: string): ManagedSecret {
    this.#authorize(account, "get", namespace, name);
    const secret = this.secret(namespace, name);
    if (!secret) throw notFound("secrets", name);
    return secret;
  }

  #create(
    account: Account,
    namespace: string,
    body: SecretBody & { metadata: { name: string } },
    manager: string,
    dryRun: boolean,
  ): ManagedSecret {
    const { name } = body.metadata;
    this.#authorize(account, "create", namespace, name);
    if (!this.namespaces.has(namespace)) throw notFound("namespaces", namespace);
    if (this.secret(namespace, name))
      throw new ApiStatus(409, "AlreadyExists", `secrets "${name}" already exists`, {
        name,
        kind: "secrets",
      });
    const secret = new ManagedSecret(namespace, name);
    secret.update(body, manager);
    return this.#admit(namespace, name, secret, dryRun);
  }

  #patch(
    account: Account,
    namespace: string,
    name: string,
    body: SecretBody,
    how: { kind: string; manager: string | null; force: boolean; dryRun: boolean },
  ): [number, unknown] {
    this.#authorize(account, "patch", namespace, name);
    const applies = how.kind === "application/apply-patch+yaml";
    const existing = this.secret(namespace, name);
    if (!existing && !applies) throw notFound("secrets", name);
    if (!existing) {
      this.#authorize(account, "create", namespace, name);
      if (!this.namespaces.has(namespace)) throw notFound("namespaces", namespace);
      if (body.metadata?.resourceVersion) throw outdated(name);
    }
    if (applies && !how.manager)
      throw new ApiStatus(
        400,
        "BadRequest",
        'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
      );
    const secret = existing?.clone() ?? new ManagedSecret(namespace, name);
    if (applies) secret.apply(body, how.manager as string, how.force);
    else secret.update(body, how.manager ?? "unknown");
    return [existing ? 200 : 201, this.#admit(namespace, name, secret, how.dryRun)];
  }

  #delete(account: Account, namespace: string, name: string, text: string): unknown {
    this.#authorize(account, "delete", namespace, name);
    const secret = this.secret(namespace, name);
    if (!secret) throw notFound("secrets", name);
    const { uid, resourceVersion } = (text === "" ? {} : JSON.parse(text)).preconditions ?? {};
    if ((uid && uid !== secret.uid) || (resourceVersion && resourceVersion !== secret.resourceVersion))
      throw outdated(name);
    this.#secrets.delete(`${namespace}/${name}`);
    return {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Success",
      details: { name, kind: "secrets" },
    };
  }

  #admit(namespace: string, name: string, secret: ManagedSecret, dryRun: boolean): ManagedSecret {
    this.admission(secret, dryRun);
    if (!dryRun) this.#secrets.set(`${namespace}/${name}`, secret);
    return secret;
  }
}
