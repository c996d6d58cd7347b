import type { Environment } from "./environment";
import { readSeconds } from "./run-settings";

const RETRY_SECONDS = 120;
const VERIFY_SECONDS = 30;

/** How long a run goes on trying, milliseconds. */
export interface Limits {
  /** For each step's retries. */
  readonly retryFor: number;
  /** For the first login with a new secret. */
  readonly verifyFor: number;
}

/** @throws {UsageError} when a limit is not a whole number of seconds from 1 to 3600 */
export function readLimits(
  flags: { retryTimeout?: string; verifyTimeout?: string },
  environment: Environment,
): Limits {
  return {
    retryFor: readSeconds(flags.retryTimeout, environment, "GENESYS_SECRET_RETRY_TIMEOUT", RETRY_SECONDS),
    verifyFor: readSeconds(flags.verifyTimeout, environment, "GENESYS_SECRET_VERIFY_TIMEOUT", VERIFY_SECONDS),
  };
}
