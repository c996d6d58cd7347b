import { Deadline } from "../core/deadline";
import { NotVerifiedError, StoreNotReadyError } from "../core/errors";
import type { Progress } from "../core/progress";
import type { Verification } from "../core/verification";
import type { LoginPort } from "../genesys/genesys-port";
import type { Credentials } from "../genesys/login";
import { tryLogin, type Unknown, type Verdict } from "../genesys/try-login";

/** Why a secret was not seen to log in, for messages. */
export function whyNot(verdict: Exclude<Verdict, { secret: "valid" }>): string {
  if (verdict.secret === "invalid") return `the login service refuses it: ${verdict.reason}`;
  return verdict.because === "denied"
    ? `the login service denies this machine: ${verdict.reason}`
    : verdict.reason;
}

/** The same in a few words, after "the secret". */
export function howNot({ secret }: Exclude<Verdict, { secret: "valid" }>): string {
  return secret === "invalid" ? "does not log in" : "was not seen to log in";
}

/** What to do about it. */
export function remedyOf(verdict: Exclude<Verdict, { secret: "valid" }>): string {
  if (verdict.secret === "invalid") return "Run again in a minute.";
  return verdict.because === "denied"
    ? "Run again from an address that the client may log in from, or with --verify elsewhere (SECRET_VERIFY)."
    : "Run again when the login service answers.";
}

/**
 * Whether a run that has stored a secret fails by what its login said. That this machine may not log in says nothing
 * of the secret: it fails only who asked to have it verified here.
 */
export function fails(verdict: Verdict, verification: Verification | undefined): boolean {
  if (verdict.secret !== "unknown") return verdict.secret === "invalid";
  return verdict.because === "out of reach" || (verdict.because === "denied" && verification === "here");
}

/** The error of a run that does nothing, because it is not known whether the stored secret is valid. */
export function notKnown(verdict: Unknown): NotVerifiedError | StoreNotReadyError {
  const message = `It is not known whether the stored secret is valid: ${whyNot(verdict)}.`;
  return verdict.because === "denied"
    ? new NotVerifiedError(message, { code: "ERR_NOT_VERIFIED", remedy: remedyOf(verdict) })
    : new StoreNotReadyError(message, remedyOf(verdict));
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Logs in with a secret that was just regenerated. The login service may lag behind the API for a moment, so a
 * refusal and a denial are repeated, within bounds; nowhere else is one repeated.
 * @param limit how long to go on, milliseconds
 */
export async function verifyLogin(
  genesys: LoginPort,
  who: Credentials,
  limit: number,
  progress: Progress,
): Promise<Verdict> {
  const deadline = new Deadline(limit);
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const verdict = await tryLogin(genesys, who, Math.max(deadline.remaining, 0));
    if (verdict.secret === "valid" || pause > deadline.remaining) return verdict;
    if (verdict.secret === "unknown" && verdict.because === "not tried") return verdict;
    if (pause === FIRST_PAUSE_MS)
      progress.info("The login service does not accept the new secret yet; trying again");
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
