import { StoreFault } from "../../core/errors";
import type { Progress } from "../../core/progress";
import type { Secret } from "../../core/secret";
import { type JsonAnswer, JsonHttp } from "../../http/json-http";
import type { VaultServer } from "./server";

/** A replica that has not caught up with the index which the request asks for. */
const NOT_CAUGHT_UP = 412;
const INDEX_HEADER = "x-vault-index";

/** How a request is repeated and cut. */
export interface Attempts {
  /** How long to go on retrying transient faults, milliseconds. */
  readonly retryFor: number;
  /** @default - nothing cuts it */
  readonly signal?: AbortSignal;
}

export interface VaultCall extends Attempts {
  readonly method: "GET" | "POST" | "DELETE";
  /** Below `/v1/`, not encoded. */
  readonly path: string;
  readonly json?: unknown;
  /** In place of `json`: JSON that is sent as it is. */
  readonly jsonText?: string;
  /** Another namespace than the server's own; "" is the root. @default - the server's own */
  readonly namespace?: string;
}

/** Vault's API with one token. */
export class VaultClient {
  /** The token that goes along; none before the login. */
  token: Secret | undefined;
  readonly #http: JsonHttp;
  /** The namespace that requests go to; "" is the root. */
  readonly namespace: string;
  readonly #headers: VaultServer["headers"];
  #index: string | undefined;

  constructor({ namespace = "", headers, ...server }: VaultServer, progress: Progress) {
    this.namespace = namespace;
    this.#headers = headers;
    this.#http = new JsonHttp({ name: "Vault", alsoTransient: [NOT_CAUGHT_UP], ...server }, progress);
  }

  /**
   * @returns a success, or a refusal (4xx) for the caller to judge
   * @throws {StoreFault} when no usable answer came, or the server is not ready to give one
   */
  async send({ path, namespace = this.namespace, ...call }: VaultCall): Promise<JsonAnswer> {
    const answer = await this.#http.send({
      ...call,
      path: `/v1/${path.split("/").map(encodeURIComponent).join("/")}`,
      headers: {
        ...this.#headers,
        "x-vault-request": "true",
        ...(this.token && { "x-vault-token": this.token.reveal() }),
        ...(namespace && { "x-vault-namespace": namespace }),
        // Vault Enterprise: another node must not answer with less than was written by the last one.
        ...(this.#index && { [INDEX_HEADER]: this.#index }),
      },
    });
    const index = answer.headers[INDEX_HEADER];
    if (typeof index === "string") this.#index = index;
    if (answer.status >= 500 || answer.status === 429 || answer.status === NOT_CAUGHT_UP)
      throw new StoreFault(`it answered ${answer.status}: sealed, overloaded, or not ready`);
    return answer;
  }
}
