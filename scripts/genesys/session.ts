import type { AdminCredentials } from "../core/admin-credentials";
import { AuthenticationError } from "../core/errors";
import type { Secret } from "../core/secret";
import { TokenOwner } from "./answers";
import { apiError } from "./api-error";
import type { Endpoint } from "./endpoint";
import { type Login, login } from "./login";
import type { Reply } from "./reply";
import type { Call, Sender } from "./transport";

/** A call to the API. */
export interface ApiCall {
  readonly method: Call["method"];
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** How long to go on retrying transient faults, milliseconds. @default - the session's limit */
  readonly retryFor?: number;
  readonly onRetry?: Call["onRetry"];
  readonly patience?: Call["patience"];
}

/** An admin's session: gets the token, gets it anew whenever it has expired, and revokes it at the end. */
export class Session {
  readonly #transport: Sender;
  readonly #endpoint: Endpoint;
  readonly #admin: AdminCredentials;
  readonly #retryFor: number;
  #token: Secret | undefined;
  /** Under way while the token is got anew: those who find it expired at the same time wait for the same one. */
  #renewal: Promise<void> | undefined;

  /** @param retryFor how long each call goes on retrying transient faults, milliseconds */
  constructor(transport: Sender, endpoint: Endpoint, admin: AdminCredentials, retryFor: number) {
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

  /**
   * One API call. On a 401 the token is renewed and the call repeated, once: a new token that is refused, too, will
   * not get better.
   */
  async call(request: ApiCall): Promise<Reply> {
    const { patience, ...repeated } = request;
    const { answer, token } = await this.#send(request);
    if (answer.kind !== "answer" || answer.status !== 401 || this.#admin.kind !== "client") return answer;
    await this.#renew(token);
    // An attempt before the one that was refused may have had its effect: the repetition is not to be given up.
    return (await this.#send(repeated)).answer;
  }

  /** @returns the token that the last attempt had, too */
  async #send({ path, body, retryFor = this.#retryFor, ...request }: ApiCall): Promise<{
    answer: Reply;
    token: Secret;
  }> {
    let token = this.#token as Secret;
    const bearer = (): Secret => {
      token = this.#token as Secret;
      return token;
    };
    const url = `${this.#endpoint.api}${path}`;
    const answer = await this.#transport.send({
      ...request,
      url,
      authorization: { bearer },
      json: body,
      retryFor,
    });
    return { answer, token };
  }

  /** Sees to it that the token is another one than the expired one. */
  async #renew(expired: Secret): Promise<void> {
    if (this.#token !== expired) return;
    this.#renewal ??= this.#logIn()
      .then((token) => {
        this.#token = token;
      })
      .finally(() => {
        this.#renewal = undefined;
      });
    await this.#renewal;
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
    if (answer.kind === "refused" || isRefusal(answer)) {
      const { name, domain } = this.#endpoint.region;
      throw new AuthenticationError(`Genesys Cloud refused the admin client (${answer.reason}).`, {
        code: "ERR_AUTHENTICATION",
        remedy: `Check the admin client's id and secret, that it belongs to the region ${name} (${domain}), and that it may log in from this machine's address.`,
      });
    }
    if (answer.kind === "not tried") throw new Error("the admin always logs in");
    throw apiError(answer.reply, "signing in", "oauth:client:view");
  }
}

/** A login that is denied, and not an answer that no login service gives. */
function isRefusal(login: Login): login is Extract<Login, { kind: "denied" }> {
  return login.kind === "denied" && [400, 401, 403].includes(login.reply.status);
}

/** Revokes a token; one attempt, and its failing is harmless because a token expires by itself. */
export async function revoke(transport: Sender, endpoint: Endpoint, token: Secret): Promise<void> {
  await transport.send({
    method: "DELETE",
    url: `${endpoint.api}/api/v2/tokens/me`,
    authorization: { bearer: () => token },
    retryFor: 0,
  });
}

/** A call to the Genesys Cloud API with the admin's token, for a store that lives there. */
export type GenesysCall = (request: {
  method: "GET" | "POST" | "PUT" | "DELETE";
  path: string;
  /** Sent as JSON. */
  body?: unknown;
}) => Promise<Reply>;
