import { type Environment, variable } from "./environment";
import { UsageError } from "./errors";
import { printable } from "./printable";

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

/**
 * A limit in seconds, as milliseconds.
 * @param fallback seconds, when neither flag nor variable is given
 */
export function readSeconds(
  flag: string | undefined,
  environment: Environment,
  name: string,
  fallback: number,
): number {
  const text = flag ?? variable(environment, name);
  if (text === undefined) return fallback * 1000;
  if (!/^\d{1,4}$/.test(text) || Number(text) < 1 || Number(text) > 3600) {
    throw new UsageError(
      `${name} (or its flag) must be a whole number of seconds from 1 to 3600, it is "${printable(text)}".`,
    );
  }
  return Number(text) * 1000;
}
