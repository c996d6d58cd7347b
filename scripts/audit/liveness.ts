import { setTimeout as sleep } from "node:timers/promises";
import type { LoginPort } from "../genesys/genesys-port";
import { type Life, probe } from "../rotation/login-check";
import type { Leak, Owner } from "./findings";

/** The login service limits its rate by org; an audit must not be what shuts the others out. */
const PAUSE_MS = 250;

/** Whether a leaked secret lives, and as which client. */
export type LeakLife = (Life | { readonly life: "unchecked"; readonly reason: string }) & {
  readonly clientId?: string;
};

export const NO_OWNER = "no client id stands beside it";

/**
 * Offers each leaked secret once to the login service, as each client that it may belong to, one after another with a
 * pause; a token that is given is revoked at once. Nothing that is sent or answered is shown.
 * @param retryFor how long to retry transient faults, milliseconds
 */
export async function checkLives(
  leaks: readonly Leak[],
  logins: LoginPort,
  retryFor: number,
  tell: (done: number) => void,
): Promise<ReadonlyMap<Leak, LeakLife>> {
  const lives = new Map<Leak, LeakLife>();
  let isFirst = true;
  for (const leak of leaks) {
    let life: LeakLife = { life: "unchecked", reason: NO_OWNER };
    for (const owner of leak.owners) {
      if (!isFirst) await sleep(PAUSE_MS);
      isFirst = false;
      life = surer(life, await ask(leak, owner, logins, retryFor));
      if (life.life === "alive") break;
    }
    lives.set(leak, life);
    tell(lives.size);
  }
  return lives;
}

async function ask(
  leak: Leak,
  { clientId, nearest }: Owner,
  logins: LoginPort,
  retryFor: number,
): Promise<LeakLife> {
  const document = {
    clientId,
    clientSecret: leak.secret,
    region: "",
    regeneratedAt: "",
    rotation: null,
    stores: [],
  };
  const life = await probe(logins, document, retryFor);
  if (life.life === "dead" && nearest) {
    return {
      life: "unknown",
      reason: "refused, but several client ids stand near it: this may not be its own",
      clientId,
    };
  }
  return { ...life, clientId };
}

/** Of several answers: alive is certain, and what could not be told outweighs a refusal. */
function surer(one: LeakLife, other: LeakLife): LeakLife {
  const worth = { unchecked: 0, dead: 1, unknown: 2, alive: 3 } as const;
  return worth[other.life] > worth[one.life] ? other : one;
}
