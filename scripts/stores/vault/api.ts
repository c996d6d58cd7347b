import { StoreFault } from "../../core/errors";
import type { Progress } from "../../core/progress";
import type { Secret } from "../../core/secret";
import { type JsonAnswer, JsonHttp } from "../../http/json-http";
import type { VaultServer } from "./settings";

/** A replica that has not caught up with the index which the request asks for. */
const NOT_CAUGHT_UP = 412;
const INDEX_HEADER = "x-vault-index";

export interface VaultCall {
  readonly method: "GET" | "POST" | "DELETE";
  /** Below `/v1/`, not encoded. */
  readonly path: string;
  readonly json?: unknown;
  /** How long to go on retrying transient faults, milliseconds. */
  readonly retryFor: number;
  /** @default - nothing cuts it */
  readonly signal?: AbortSignal;
}

/** Vault's API with one token. */
export class VaultClient {
  /** The token that goes along; none before the login. */
  token: Secret | undefined;
  readonly #http: JsonHttp;
  readonly #namespace: string | undefined;
  #index: string | undefined;

  constructor(server: VaultServer, progress: Progress) {
    const { base, ca, skipVerify, namespace } = server;
    this.#namespace = namespace;
    this.#http = new JsonHttp(
      { name: "Vault", base, ca, skipVerify, alsoTransient: [NOT_CAUGHT_UP] },
      progress,
    );
  }

  /**
   * @returns a success, or a refusal (4xx) for the caller to judge
   * @throws {StoreFault} when no usable answer came, or the server is not ready to give one
   */
  async send({ path, ...call }: VaultCall): Promise<JsonAnswer> {
    const answer = await this.#http.send({
      ...call,
      path: `/v1/${path.split("/").map(encodeURIComponent).join("/")}`,
      headers: {
        "x-vault-request": "true",
        ...(this.token && { "x-vault-token": this.token.reveal() }),
        ...(this.#namespace && { "x-vault-namespace": this.#namespace }),
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
