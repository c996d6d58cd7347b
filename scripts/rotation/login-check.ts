import { Deadline } from "../core/deadline";
import { StoreNotReadyError } from "../core/errors";
import type { Progress } from "../core/progress";
import type { LoginPort } from "../genesys/genesys-port";
import type { Credentials } from "../genesys/login";
import { describeReply } from "../genesys/reply";
import type { StoredDocument } from "../stores/document";

/**
 * Why a stored secret does not live; undefined when it does. The token of the login is given back.
 * @param retryFor how long to retry transient faults, milliseconds
 * @throws {StoreNotReadyError} when the login service is out of reach, which proves nothing
 */
export async function whyDead(
  genesys: LoginPort,
  who: Credentials,
  retryFor: number,
): Promise<string | undefined> {
  const login = await genesys.logIn(who, retryFor);
  if (login.kind === "refused") return login.reason;
  if (login.kind === "accepted") {
    if (login.token) await genesys.revoke(login.token);
    return undefined;
  }
  throw new StoreNotReadyError(
    `It cannot be told whether the stored secret works: ${describeReply(login.reply)}.`,
    "Run again when the login service answers.",
  );
}

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
    if (login.kind === "unavailable") return { life: "unknown", reason: describeReply(login.reply) };
    if (login.kind === "accepted") {
      if (login.token) await logins.revoke(login.token);
      return { life: "alive", grant };
    }
    if (!login.reason.startsWith("unauthorized_client")) return { life: "dead", reason: login.reason };
  }
  return { life: "dead", reason: "the login service refuses it" };
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Logs in with a secret that was just regenerated. The login service may lag behind the API for a moment, so a
 * refusal is repeated, within bounds; nowhere else is a refused login repeated.
 * @param limit how long to go on, milliseconds
 * @returns why it does not log in; undefined when it does
 */
export async function verifyLogin(
  genesys: LoginPort,
  who: Credentials,
  limit: number,
  progress: Progress,
): Promise<string | undefined> {
  const deadline = new Deadline(limit);
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const login = await genesys.logIn(who, Math.max(deadline.remaining, 0));
    if (login.kind === "accepted") {
      if (login.token) await genesys.revoke(login.token);
      return undefined;
    }
    if (pause > deadline.remaining) {
      return login.kind === "refused"
        ? `the login service refuses it: ${login.reason}`
        : describeReply(login.reply);
    }
    if (pause === FIRST_PAUSE_MS)
      progress.info("The login service does not accept the new secret yet; trying again");
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
