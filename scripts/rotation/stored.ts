import {
  NotStoredError,
  NotVerifiedError,
  type SecretState,
  SHOULD_IT_END_WITH_9,
  StoreNotReadyError,
} from "../core/errors";
import type { Verdict } from "../genesys/try-login";
import { howNot, remedyOf, whyNot } from "./login-check";
import type { StoreReport } from "./report";

/** The newer report of each store. */
export function merge(older: readonly StoreReport[], newer: readonly StoreReport[]): readonly StoreReport[] {
  return older.map(
    (report) => newer.find(({ uri, holds }) => uri === report.uri && holds !== "untouched") ?? report,
  );
}

/**
 * Ends a run whose stores do not all hold a secret that logs in, as far as it can tell.
 * @param refused what a login with the secret said, where the run fails by it
 * @param twins whether an older secret may be the other client's, which is valid
 * @throws {StoreNotReadyError | NotStoredError | NotVerifiedError}
 */
export function assertStored(
  reports: readonly StoreReport[],
  secret: SecretState,
  refused: Exclude<Verdict, { secret: "valid" }> | undefined,
  twins: boolean,
): void {
  const missing = reports.filter(({ holds }) => holds === "not written");
  if (missing.length > 0 && secret === "not changed") {
    throw new StoreNotReadyError(
      `The working secret could not be copied into ${missing.map(({ uri, reason }) => `${uri} (${reason})`).join(", ")}.`,
      "Mend the store, then run again; the secret itself was not changed.",
    );
  }
  if (missing.length > 0) {
    const count = `${missing.length} of ${reports.length}`;
    const older = twins ? "they show what they showed before" : "an older secret there is invalid";
    throw new NotStoredError(`${count} stores could not be written; ${older}.`, {
      code: "ERR_NOT_STORED",
      secret,
      remedy: `Mend the stores listed as not written, then run again. ${SHOULD_IT_END_WITH_9}`,
    });
  }
  const unverified = reports.find(({ holds }) => holds === "unverified" || holds === "another run's");
  const why = unverified?.reason ?? (refused && whyNot(refused));
  if (why === undefined) return;
  const remedy =
    refused?.secret === "unknown"
      ? remedyOf(refused)
      : "If another run was later, its secret counts. Otherwise run again in a minute.";
  // Where a login does not say it, a store does: it could not be read back, or holds another run's secret.
  const how = refused ? `it ${howNot(refused)}` : "not every store was seen to hold it";
  if (secret === "not changed")
    throw new StoreNotReadyError(`The working secret was copied, but ${how}: ${why}.`, remedy);
  throw new NotVerifiedError(`The secret is stored, but ${how}: ${why}.`, {
    code: "ERR_NOT_VERIFIED",
    secret,
    remedy,
  });
}
