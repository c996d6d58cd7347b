import type { AdminCredentials } from "../config/admin-credentials";
import type { Endpoint } from "../config/endpoint";
import { AuthenticationError } from "../errors";
import type { Secret } from "../secret";
import { TokenOwner } from "./answers";
import { apiError } from "./api-error";
import { login } from "./login";
import type { Call, Failure, Transport } from "./transport";

/** A call to the API. */
export interface ApiCall {
  readonly method: Call["method"];
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** How long to go on retrying transient faults, milliseconds. @default - the session's limit */
  readonly retryFor?: number;
  readonly onRetry?: Call["onRetry"];
}

/** An admin's session: gets the token, gets it anew once when it has expired, and revokes it at the end. */
export class Session {
  readonly #transport: Transport;
  readonly #endpoint: Endpoint;
  readonly #admin: AdminCredentials;
  readonly #retryFor: number;
  #token: Secret | undefined;
  #renewed = false;

  /** @param retryFor how long each call goes on retrying transient faults, milliseconds */
  constructor(transport: Transport, endpoint: Endpoint, admin: AdminCredentials, retryFor: number) {
    this.#transport = transport;
    this.#endpoint = endpoint;
    this.#admin = admin;
    this.#retryFor = retryFor;
  }

  /**
   * Signs in, and says which OAuth client the admin is.
   * @returns the id of the admin's own client; undefined for a token of a user
   * @throws {AuthenticationError} when the credentials are refused
   * @throws {UnavailableError} when the login service is out of reach
   */
  async signIn(): Promise<string | undefined> {
    if (this.#admin.kind === "client") {
      this.#token = await this.#logIn();
      return this.#admin.clientId;
    }
    this.#token = this.#admin.accessToken;
    const answer = await this.call({ method: "GET", path: "/api/v2/tokens/me" });
    if (answer.kind !== "answer" || answer.status !== 200)
      throw apiError(answer, "asking whose access token this is", "oauth:client:view");
    const owner = TokenOwner.safeParse(answer.body);
    return owner.success ? owner.data.OAuthClient.id : undefined;
  }

  /** One API call; on a 401 the token is renewed, once a session, and the call repeated. */
  async call(request: ApiCall): Promise<Failure> {
    const send = (): Promise<Failure> =>
      this.#transport.send({
        method: request.method,
        url: `${this.#endpoint.api}${request.path}`,
        authorization: { bearer: this.#token as Secret },
        json: request.body,
        retryFor: request.retryFor ?? this.#retryFor,
        onRetry: request.onRetry,
      });
    const answer = await send();
    if (answer.kind !== "answer" || answer.status !== 401 || this.#renewed || this.#admin.kind !== "client")
      return answer;
    this.#renewed = true;
    this.#token = await this.#logIn();
    return send();
  }

  /** Revokes the token this session took; a token that was given stays its owner's. Failing is harmless: it expires. */
  async signOut(): Promise<void> {
    if (this.#admin.kind === "client" && this.#token)
      await revoke(this.#transport, this.#endpoint, this.#token);
    this.#token = undefined;
  }

  async #logIn(): Promise<Secret> {
    if (this.#admin.kind !== "client") throw new Error("a given token cannot be renewed");
    const { clientId, clientSecret } = this.#admin;
    const who = { clientId, secret: clientSecret, grant: "CLIENT-CREDENTIALS" };
    const answer = await login(this.#transport, this.#endpoint, who, this.#retryFor);
    if (answer.kind === "accepted") return answer.token as Secret;
    if (answer.kind === "unavailable") throw apiError(answer.failure, "signing in", "oauth:client:view");
    throw new AuthenticationError(`Genesys Cloud refused the admin client (${answer.reason}).`, {
      code: "ERR_AUTHENTICATION",
      remedy: `Check the admin client's id and secret, and that it belongs to the region ${this.#endpoint.region.name} (${this.#endpoint.region.domain}).`,
    });
  }
}

/** Revokes a token; one attempt, and its failing is harmless because a token expires by itself. */
export async function revoke(transport: Transport, endpoint: Endpoint, token: Secret): Promise<void> {
  await transport.send({
    method: "DELETE",
    url: `${endpoint.api}/api/v2/tokens/me`,
    authorization: { bearer: token },
    retryFor: 0,
  });
}
