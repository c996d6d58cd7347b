import type { LoginPort } from "./genesys-port";
import type { Credentials } from "./login";
import { describeReply } from "./reply";

/** What a login says of a client's secret. */
export type Verdict =
  | { readonly secret: "valid" }
  | { readonly secret: "invalid"; readonly reason: string }
  /** The login service could not be asked, which proves nothing. */
  | { readonly secret: "unknown"; readonly reason: string };

/**
 * Logs in as a client, only to see whether its secret is valid: the token that this takes is revoked.
 * @param retryFor how long to retry transient faults, milliseconds
 */
export async function tryLogin(logins: LoginPort, who: Credentials, retryFor: number): Promise<Verdict> {
  const login = await logins.logIn(who, retryFor);
  if (login.kind === "refused") return { secret: "invalid", reason: login.reason };
  if (login.kind === "unavailable") return { secret: "unknown", reason: describeReply(login.reply) };
  if (login.token) await logins.revoke(login.token);
  return { secret: "valid" };
}
