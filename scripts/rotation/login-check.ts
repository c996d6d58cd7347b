import { Deadline } from "../core/deadline";
import { StoreNotReadyError } from "../core/errors";
import type { Progress } from "../core/progress";
import type { LoginPort } from "../genesys/genesys-port";
import type { Credentials } from "../genesys/login";
import { tryLogin } from "../genesys/try-login";
import type { StoredDocument } from "../stores/document";

/**
 * Why a stored secret is invalid; undefined when it is valid.
 * @param retryFor how long to retry transient faults, milliseconds
 * @throws {StoreNotReadyError} when the login service is out of reach, which proves nothing
 */
export async function whyInvalid(
  genesys: LoginPort,
  who: Credentials,
  retryFor: number,
): Promise<string | undefined> {
  const verdict = await tryLogin(genesys, who, retryFor);
  if (verdict.secret === "valid") return undefined;
  if (verdict.secret === "invalid") return verdict.reason;
  throw new StoreNotReadyError(
    `It cannot be told whether the stored secret works: ${verdict.reason}.`,
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
 * Logs in with what a document holds, once. A document does not say its client's grant: a
 * client that may not log in by itself is tried as a CODE client.
 * @param retryFor how long to retry transient faults, milliseconds
 */
export async function probe(logins: LoginPort, document: StoredDocument, retryFor: number): Promise<Life> {
  const who = { clientId: document.clientId, secret: document.clientSecret };
  for (const grant of ["CLIENT-CREDENTIALS", "CODE"]) {
    const verdict = await tryLogin(logins, { ...who, grant }, retryFor);
    if (verdict.secret === "valid") return { life: "alive", grant };
    const { reason } = verdict;
    if (verdict.secret === "unknown") return { life: "unknown", reason };
    if (!reason.startsWith("unauthorized_client")) return { life: "dead", reason };
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
    const verdict = await tryLogin(genesys, who, Math.max(deadline.remaining, 0));
    if (verdict.secret === "valid") return undefined;
    const { secret, reason } = verdict;
    if (pause > deadline.remaining)
      return secret === "invalid" ? `the login service refuses it: ${reason}` : reason;
    if (pause === FIRST_PAUSE_MS)
      progress.info("The login service does not accept the new secret yet; trying again");
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
