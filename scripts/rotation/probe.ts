import { describeFailure } from "../genesys/failure";
import type { StoredDocument } from "../stores/document";
import type { LoginPort } from "./genesys-port";

/** Whether a stored secret lives. */
export type Life =
  | { readonly life: "alive"; readonly grant: string }
  | { readonly life: "dead"; readonly reason: string }
  /** The login service could not be asked. */
  | { readonly life: "unknown"; readonly reason: string };

/**
 * Logs in with what a document holds, once, and revokes the token. A document does not say its client's grant: a
 * client that may not log in by itself is tried as a CODE client.
 * @param retryFor how long to retry transient faults, milliseconds
 */
export async function probe(logins: LoginPort, document: StoredDocument, retryFor: number): Promise<Life> {
  const who = { clientId: document.clientId, secret: document.clientSecret };
  for (const grant of ["CLIENT-CREDENTIALS", "CODE"]) {
    const login = await logins.logIn({ ...who, grant }, retryFor);
    if (login.kind === "unavailable") return { life: "unknown", reason: describeFailure(login.failure) };
    if (login.kind === "accepted") {
      if (login.token) await logins.revoke(login.token);
      return { life: "alive", grant };
    }
    if (!login.reason.startsWith("unauthorized_client")) return { life: "dead", reason: login.reason };
  }
  return { life: "dead", reason: "the login service refuses it" };
}
