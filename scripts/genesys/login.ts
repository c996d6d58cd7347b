import { printable } from "../core/printable";
import { Secret } from "../core/secret";
import { TokenAnswer } from "./answers";
import type { Endpoint } from "./endpoint";
import { meaningOf, saidIn } from "./login-answers";
import { type Answer, describeReply, type Reply } from "./reply";
import type { Sender } from "./transport";

/** What the login service made of an id and a secret. */
export type Login =
  /** The pair is right. Without a token: the client's grant is another one. */
  | { readonly kind: "accepted"; readonly token?: Secret }
  /** The pair is wrong. */
  | { readonly kind: "refused"; readonly reason: string }
  /** It says nothing of the pair, and will not: whoever asks from here is not let in. */
  | { readonly kind: "denied"; readonly reason: string; readonly reply: Answer }
  | { readonly kind: "unavailable"; readonly reply: Reply }
  /** The user wants no login from here. */
  | { readonly kind: "not tried" };

/** The OAuth client that logs in. */
export interface Credentials {
  readonly clientId: string;
  readonly secret: Secret;
  /** @default - it is not known */
  readonly grant?: string;
}

/**
 * Offers an id and a secret to the token endpoint, whatever the client's grant is: the service checks the secret before
 * the grant, so that a CODE client, too, learns whether its secret is valid.
 * @param retryFor how long to retry transient faults, milliseconds
 */
export async function login(
  transport: Sender,
  endpoint: Endpoint,
  who: Credentials,
  retryFor: number,
): Promise<Login> {
  const answer = await transport.send({
    method: "POST",
    url: `${endpoint.login}/oauth/token`,
    authorization: { basic: { id: who.clientId, secret: who.secret } },
    form: { grant_type: "client_credentials" },
    retryFor,
  });
  if (answer.kind === "no answer") return { kind: "unavailable", reply: answer };
  switch (meaningOf(answer, who.grant)) {
    case "valid":
      return accepted(answer);
    case "invalid":
      return { kind: "refused", reason: reasonOf(answer) };
    case "denied":
      return { kind: "denied", reason: reasonOf(answer), reply: answer };
    default:
      return { kind: "unavailable", reply: answer };
  }
}

function accepted(answer: Answer): Login {
  if (answer.status !== 200) return { kind: "accepted" };
  const token = TokenAnswer.safeParse(answer.body);
  return token.success
    ? { kind: "accepted", token: new Secret(token.data.access_token) }
    : { kind: "unavailable", reply: answer };
}

function reasonOf(answer: Answer): string {
  const { error, descriptions } = saidIn(answer);
  return printable([error, descriptions[0]].filter(Boolean).join(": ")) || describeReply(answer);
}
