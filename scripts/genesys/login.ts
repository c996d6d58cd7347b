import { printable } from "../core/printable";
import { Secret } from "../core/secret";
import { LoginErrorAnswer, TokenAnswer } from "./answers";
import type { Endpoint } from "./endpoint";
import { isLoginRateLimit, type Reply } from "./reply";
import type { Sender } from "./transport";

/** What the login service made of an id and a secret. */
export type Login =
  | { readonly kind: "accepted"; readonly token?: Secret }
  /** The pair is wrong: `invalid_client`. */
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "unavailable"; readonly reply: Reply };

/** The OAuth client that logs in. */
export interface Credentials {
  readonly clientId: string;
  readonly secret: Secret;
  /** @default - it is not known */
  readonly grant?: string;
}

/** A code that Genesys Cloud cannot have issued. */
const VOID_CODE = "genesys-secret-void-code";
const VOID_REDIRECT = "https://localhost/genesys-secret";

/**
 * Offers an id and a secret to the token endpoint.
 *
 * A CODE client cannot log in by itself: it offers a void authorization code, and only `invalid_client` means that
 * the secret is dead. That reading of the OAuth specification is not proven against a real org.
 * @param retryFor how long to retry transient faults, milliseconds
 */
export async function login(
  transport: Sender,
  endpoint: Endpoint,
  who: Credentials,
  retryFor: number,
): Promise<Login> {
  const isCode = who.grant === "CODE";
  const answer = await transport.send({
    method: "POST",
    url: `${endpoint.login}/oauth/token`,
    authorization: { basic: { id: who.clientId, secret: who.secret } },
    form: isCode
      ? { grant_type: "authorization_code", code: VOID_CODE, redirect_uri: VOID_REDIRECT }
      : { grant_type: "client_credentials" },
    retryFor,
  });
  if (answer.kind === "no answer") return { kind: "unavailable", reply: answer };
  if (answer.status === 200) {
    const token = TokenAnswer.safeParse(answer.body);
    return token.success
      ? { kind: "accepted", token: new Secret(token.data.access_token) }
      : { kind: "unavailable", reply: answer };
  }
  if ((answer.status !== 400 && answer.status !== 401) || isLoginRateLimit(answer))
    return { kind: "unavailable", reply: answer };
  const parsed = LoginErrorAnswer.safeParse(answer.body);
  if (!parsed.success || parsed.data.error === undefined) return { kind: "unavailable", reply: answer };
  const { error, error_description, description } = parsed.data;
  if (isCode && error !== "invalid_client") return { kind: "accepted" };
  return {
    kind: "refused",
    reason: printable([error, error_description ?? description].filter(Boolean).join(": ")),
  };
}
