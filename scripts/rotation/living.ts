import { StoreNotReadyError } from "../errors";
import { describeFailure } from "../genesys/failure";
import type { Credentials } from "../genesys/login";
import { type Store, StoreFault } from "../stores/store";
import type { LoginPort } from "./genesys-port";

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
    `It cannot be told whether the stored secret works: ${describeFailure(login.failure)}.`,
    "Run again when the login service answers.",
  );
}

/**
 * Before the irreversible call a fault of a store ends the run.
 * @throws {StoreNotReadyError}
 */
export async function readOrNotReady<T>(store: Store, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StoreFault)) throw error;
    const message = `The store ${store.uri.text} is not ready: ${error.message}.`;
    throw new StoreNotReadyError(message, "Make it readable, then run again.");
  }
}
