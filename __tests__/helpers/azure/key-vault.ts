import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

/** The tenant that the vault belongs to. */
export const TENANT = "11111111-1111-4111-8111-111111111111";

export type VaultRight = "get" | "set" | "update" | "delete";

interface Version {
  readonly id: string;
  readonly value: string;
  readonly contentType?: string;
  readonly tags?: Record<string, string>;
  readonly attributes?: Attributes;
  readonly managed?: boolean;
}

/** Times are seconds since 1970. */
interface Attributes {
  readonly enabled?: boolean;
  readonly exp?: number;
  readonly nbf?: number;
}

interface SecretBody {
  readonly value?: string;
  readonly contentType?: string;
  readonly tags?: Record<string, string>;
  readonly attributes?: Attributes;
  /** Whether a certificate of the vault writes it. */
  readonly managed?: boolean;
}

/** An answer of the service that is not what was asked for. */
class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly inner: string | undefined;

  constructor(status: number, code: string, inner?: string) {
    super(`${code} (${inner ?? "no more"})`);
    this.status = status;
    this.code = code;
    this.inner = inner;
  }
}

/** The secrets of one Azure Key Vault, with soft delete, as its REST API 7.x describes them. */
export class KeyVault {
  readonly #origin: string;
  readonly #token: string;
  readonly #versions = new Map<string, Version[]>();
  readonly #deleted = new Set<string>();
  rights: readonly VaultRight[] = ["get", "set", "update", "delete"];
  /** How many answers to writes that were done get lost. */
  losesAnswers = 0;
  /** Why every write is refused, whatever the rights are, as the service names it. @default - none is */
  refusesToSet: string | undefined;
  /** Method and path of each request that came with the token. */
  readonly calls: string[] = [];

  /** @param token what the identity service gives out */
  constructor(origin: string, token: string) {
    this.#origin = origin;
    this.#token = token;
  }

  /** The current version's value. */
  value(name: string): string | undefined {
    return this.current(name)?.value;
  }

  current(name: string): Version | undefined {
    return this.#versions.get(name)?.at(-1);
  }

  count(name: string): number {
    return this.versions(name).length;
  }

  /** From the oldest to the current one. */
  versions(name: string): readonly Version[] {
    return this.#versions.get(name) ?? [];
  }

  put(name: string, { value = "", contentType, tags, attributes, managed }: SecretBody): Version {
    const version = { id: randomBytes(16).toString("hex"), value, contentType, tags, attributes, managed };
    this.#versions.set(name, [...(this.#versions.get(name) ?? []), version]);
    return version;
  }

  delete(name: string): void {
    this.#versions.delete(name);
    this.#deleted.add(name);
  }

  /** The listener for an HTTP server. */
  readonly listener = (request: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const [status, body] = this.#answer(request, Buffer.concat(chunks).toString("utf8"));
      if (request.method === "PUT" && status === 200 && this.losesAnswers-- > 0) {
        request.socket.destroy();
        return;
      }
      const resource = this.#origin.replace(/^https:\/\/[^.]+\./, "https://");
      const challenge = `Bearer authorization="https://login.microsoftonline.com/${TENANT}", resource="${resource}"`;
      response
        .writeHead(status, {
          "content-type": "application/json; charset=utf-8",
          ...(status === 401 && { "www-authenticate": challenge }),
        })
        .end(JSON.stringify(body));
    });
  };

  #answer({ method = "GET", url = "", headers }: IncomingMessage, text: string): [number, unknown] {
    try {
      if (headers.authorization !== `Bearer ${this.#token}`) throw new Refusal(401, "Unauthorized");
      const path = new URL(url, this.#origin).pathname.replace(/\/+$/, "");
      this.calls.push(`${method} ${path}`);
      const [, collection, name = "", version] =
        /^\/(secrets|deletedsecrets)\/([^/]+)(?:\/(.+))?$/.exec(path) ?? [];
      if (collection === "deletedsecrets") return [200, this.#getDeleted(name)];
      if (collection === "secrets" && method === "GET") return [200, this.#get(name)];
      if (collection === "secrets" && method === "PUT") return [200, this.#set(name, JSON.parse(text))];
      if (collection === "secrets" && method === "PATCH") return [200, this.#update(name, version ?? "")];
      if (collection === "secrets" && method === "DELETE") return [200, this.#remove(name)];
      throw new Refusal(404, "NotFound");
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const inner = error.inner && { innererror: { code: error.inner } };
      return [error.status, { error: { code: error.code, message: error.message, ...inner } }];
    }
  }

  #need(right: VaultRight): void {
    if (!this.rights.includes(right)) throw new Refusal(403, "Forbidden", "ForbiddenByRbac");
  }

  #get(name: string): unknown {
    this.#need("get");
    if (this.current(name)?.attributes?.enabled === false)
      throw new Refusal(403, "Forbidden", "SecretDisabled");
    return this.#bundle(name, this.current(name));
  }

  #set(name: string, body: SecretBody): unknown {
    this.#need("set");
    if (this.refusesToSet) throw new Refusal(403, "Forbidden", this.refusesToSet);
    if (this.#deleted.has(name)) throw new Refusal(409, "Conflict", "ObjectIsDeletedButRecoverable");
    if (Buffer.byteLength(body.value ?? "") > 25_600) throw new Refusal(400, "BadParameter");
    return this.#bundle(name, this.put(name, body));
  }

  #update(name: string, id: string): unknown {
    this.#need("update");
    return this.#bundle(
      name,
      this.#versions.get(name)?.find((version) => version.id === id),
    );
  }

  #remove(name: string): unknown {
    this.#need("delete");
    const bundle = this.#bundle(name, this.current(name)) as object;
    this.delete(name);
    return { ...bundle, value: undefined, ...this.#recovery(name) };
  }

  #getDeleted(name: string): unknown {
    this.#need("get");
    if (!this.#deleted.has(name)) throw new Refusal(404, "SecretNotFound");
    return this.#recovery(name);
  }

  #recovery(name: string): object {
    const now = Math.floor(Date.now() / 1000);
    return {
      id: `${this.#origin}/secrets/${name}/${"a".repeat(32)}`,
      recoveryId: `${this.#origin}/deletedsecrets/${name}`,
      attributes: { enabled: true, recoveryLevel: "Recoverable+Purgeable" },
      deletedDate: now,
      scheduledPurgeDate: now + 7_776_000,
    };
  }

  #bundle(name: string, version: Version | undefined): unknown {
    if (!version) throw new Refusal(404, "SecretNotFound");
    const { id, attributes, ...rest } = version;
    const times = { created: 1_700_000_000, updated: 1_700_000_000 };
    return {
      ...rest,
      id: `${this.#origin}/secrets/${name}/${id}`,
      attributes: { enabled: true, ...attributes, ...times },
    };
  }
}
