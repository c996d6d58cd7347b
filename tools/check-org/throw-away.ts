import { Secret } from "../../scripts/core/secret";
import type { Endpoint } from "../../scripts/genesys/endpoint";
import type { Reply } from "../../scripts/genesys/reply";
import type { Session } from "../../scripts/genesys/session";
import type { Transport } from "../../scripts/genesys/transport";
import type { Report } from "./report";

const CLIENTS = "/api/v2/oauth/clients";
const ONCE = 0;

/** An org, asked for its answers as they are. */
export interface Org {
  readonly endpoint: Endpoint;
  readonly transport: Transport;
  readonly session: Session;
  readonly report: Report;
}

/** What a login is to offer. */
export const OFFERS = {
  clientCredentials: { grant_type: "client_credentials" },
  code: {
    grant_type: "authorization_code",
    code: "genesys-secret-no-code",
    redirect_uri: "https://localhost/genesys-secret",
  },
} as const;

/** A login, once, whatever comes of it. */
export async function offer(
  { endpoint, transport, report }: Org,
  id: string,
  secret: Secret,
  form: Readonly<Record<string, string>> = OFFERS.clientCredentials,
): Promise<{ reply: Reply; token?: Secret }> {
  const url = `${endpoint.login}/oauth/token`;
  const authorization = { basic: { id, secret } };
  const reply = await transport.send({ method: "POST", url, authorization, form, retryFor: ONCE });
  const token = textIn(reply, "access_token");
  if (token !== undefined) report.hide(token, "token");
  return { reply, ...(token !== undefined && { token: new Secret(token) }) };
}

/** A client that exists for this check only. */
export class ThrowAway {
  private constructor(
    readonly id: string,
    public secret: Secret,
    readonly body: Readonly<Record<string, unknown>>,
    private readonly org: Org,
  ) {}

  /** @throws {Error} when the org does not make it; the message holds the org's reason */
  static async create(org: Org, body: Readonly<Record<string, unknown>>): Promise<ThrowAway> {
    const reply = await org.session.call({ method: "POST", path: CLIENTS, body, retryFor: ONCE });
    const [id, secret] = [textIn(reply, "id"), textIn(reply, "secret")];
    if (id === undefined || secret === undefined) {
      org.report.answer(`creating a ${body.authorizedGrantType} client`, reply);
      throw new Error("the org made no throw-away client");
    }
    org.report.hide(id, "client");
    org.report.hide(secret, "secret");
    return new ThrowAway(id, new Secret(secret), body, org);
  }

  get(): Promise<Reply> {
    return this.#call("GET");
  }

  put(body: Readonly<Record<string, unknown>>): Promise<Reply> {
    return this.#call("PUT", body);
  }

  /** The same client in another state. */
  setState(state: string): Promise<Reply> {
    return this.put({ ...this.body, state });
  }

  async regenerate(): Promise<Reply> {
    const reply = await this.org.session.call({
      method: "POST",
      path: `${CLIENTS}/${this.id}/secret`,
      retryFor: ONCE,
    });
    const secret = textIn(reply, "secret");
    if (secret !== undefined) {
      this.org.report.hide(secret, "secret");
      this.secret = new Secret(secret);
    }
    return reply;
  }

  delete(): Promise<Reply> {
    return this.#call("DELETE");
  }

  /** Whatever was found out before: it must not stay. @returns whether it is gone */
  async destroy(): Promise<boolean> {
    await this.setState("inactive");
    await this.delete();
    const left = await this.get();
    return left.kind === "answer" && left.status === 404;
  }

  #call(method: "GET" | "PUT" | "DELETE", body?: unknown): Promise<Reply> {
    return this.org.session.call({ method, path: `${CLIENTS}/${this.id}`, body, retryFor: ONCE });
  }
}

/** A text field of an answer. */
export function textIn(reply: Reply, field: string): string | undefined {
  const body = reply.kind === "answer" ? (reply.body as Record<string, unknown> | undefined) : undefined;
  const value = body?.[field];
  return typeof value === "string" ? value : undefined;
}
