import type { LoginPort } from "./genesys-port";
import type { Credentials } from "./login";
import { describeReply } from "./reply";

/** What a login says of a client's secret. */
export type Verdict =
  | { readonly secret: "valid" }
  | { readonly secret: "invalid"; readonly reason: string }
  | Unknown;

/** Nothing is proven. */
export interface Unknown {
  readonly secret: "unknown";
  /** The login service lets nobody in from here, or could not be asked, or the user wants no login from here. */
  readonly because: "denied" | "out of reach" | "not tried";
  readonly reason: string;
}

/** For `verify: "elsewhere"`: no login is tried. */
export const NO_LOGINS: LoginPort = {
  logIn: async () => ({ kind: "not tried" }),
  revoke: async () => {},
};

/**
 * Logs in as a client, only to see whether its secret is valid: the token that this takes is revoked.
 * @param retryFor how long to retry transient faults, milliseconds
 */
export async function tryLogin(logins: LoginPort, who: Credentials, retryFor: number): Promise<Verdict> {
  const login = await logins.logIn(who, retryFor);
  switch (login.kind) {
    case "refused":
      return { secret: "invalid", reason: login.reason };
    case "denied":
      return { secret: "unknown", because: "denied", reason: login.reason };
    case "unavailable":
      return { secret: "unknown", because: "out of reach", reason: describeReply(login.reply) };
    case "not tried":
      return {
        secret: "unknown",
        because: "not tried",
        reason: 'no login is tried, as verify is "elsewhere"',
      };
    case "accepted":
      if (login.token) await logins.revoke(login.token);
      return { secret: "valid" };
  }
}
