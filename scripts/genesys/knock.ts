import { Secret } from "../core/secret";
import type { LoginPort } from "./genesys-port";
import { describeReply } from "./reply";
import type { Unknown } from "./try-login";

/** Of the shape of a secret, and none. */
const NO_SECRET = new Secret("a-knock-at-the-door-with-no-secret-in-it----");

/**
 * Asks whether this machine may log in as a client whose secret is not known, by offering a wrong one: who is told
 * that it is wrong was let in, in whatever words.
 * @param retryFor how long to retry transient faults, milliseconds
 * @returns why not; undefined where it may, and where no login is tried
 */
export async function knock(
  logins: LoginPort,
  clientId: string,
  retryFor: number,
): Promise<Unknown | undefined> {
  const login = await logins.logIn({ clientId, secret: NO_SECRET }, retryFor);
  if (login.kind === "unavailable")
    return { secret: "unknown", because: "out of reach", reason: describeReply(login.reply) };
  if (login.kind !== "denied" || login.reason.startsWith("invalid_client")) return undefined;
  return { secret: "unknown", because: "denied", reason: login.reason };
}
