import { setTimeout as sleep } from "node:timers/promises";
import type { LoginPort } from "../genesys/genesys-port";
import { tryLogin, type Verdict } from "../genesys/try-login";
import { whyNot } from "../rotation/login-check";
import type { Leak, Owner } from "./findings";

/** The login service limits its rate by org; an audit must not be what shuts the others out. */
const PAUSE_MS = 250;

/** What is known of a leaked secret, and as which client's. */
export interface LeakVerdict {
  readonly secret: Verdict["secret"] | "unchecked";
  /** Of a secret that was not seen to log in. */
  readonly reason?: string;
  readonly clientId?: string;
}

export const NO_OWNER = "no client id stands beside it";

/**
 * Offers each leaked secret once to the login service, as each client that it may belong to, one after another with a
 * pause; a token that is given is revoked at once. Nothing that is sent or answered is shown.
 * @param retryFor how long to retry transient faults, milliseconds
 */
export async function checkLeaks(
  leaks: readonly Leak[],
  logins: LoginPort,
  retryFor: number,
  tell: (done: number) => void,
): Promise<ReadonlyMap<Leak, LeakVerdict>> {
  const verdicts = new Map<Leak, LeakVerdict>();
  let isFirst = true;
  for (const leak of leaks) {
    let verdict: LeakVerdict = { secret: "unchecked", reason: NO_OWNER };
    for (const owner of leak.owners) {
      if (!isFirst) await sleep(PAUSE_MS);
      isFirst = false;
      verdict = surer(verdict, await ask(leak, owner, logins, retryFor));
      if (verdict.secret === "valid") break;
    }
    verdicts.set(leak, verdict);
    tell(verdicts.size);
  }
  return verdicts;
}

async function ask(
  leak: Leak,
  { clientId, nearest }: Owner,
  logins: LoginPort,
  retryFor: number,
): Promise<LeakVerdict> {
  const verdict = await tryLogin(logins, { clientId, secret: leak.secret }, retryFor);
  if (verdict.secret === "valid") return { secret: "valid", clientId };
  if (verdict.secret === "invalid" && nearest) {
    return {
      secret: "unknown",
      reason: "refused, but several client ids stand near it: this may not be its own",
      clientId,
    };
  }
  const reason = verdict.secret === "invalid" ? verdict.reason : whyNot(verdict);
  return { secret: verdict.secret, reason, clientId };
}

/** Of several answers: valid is certain, and what is not known outweighs a refusal. */
function surer(one: LeakVerdict, other: LeakVerdict): LeakVerdict {
  const worth = { unchecked: 0, invalid: 1, unknown: 2, valid: 3 } as const;
  return worth[other.secret] > worth[one.secret] ? other : one;
}
