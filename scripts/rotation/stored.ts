import { NotStoredError, NotVerifiedError, type SecretState, StoreNotReadyError } from "../core/errors";
import type { StoreReport } from "./report";

/** The newer report of each store. */
export function merge(older: readonly StoreReport[], newer: readonly StoreReport[]): readonly StoreReport[] {
  return older.map(
    (report) => newer.find(({ uri, holds }) => uri === report.uri && holds !== "untouched") ?? report,
  );
}

/**
 * Ends a run whose stores do not all hold a secret that logs in, as far as it can tell.
 * @param refused why the run fails by what a login with the secret said; undefined when it does not
 * @param twins whether an older secret may be the other client's, which lives
 * @throws {StoreNotReadyError | NotStoredError | NotVerifiedError}
 */
export function assertStored(
  reports: readonly StoreReport[],
  secret: SecretState,
  refused: string | undefined,
  twins: boolean,
): void {
  const missing = reports.filter(({ holds }) => holds === "not written");
  if (missing.length > 0 && secret === "not changed") {
    throw new StoreNotReadyError(
      `The working secret could not be copied into ${missing.map(({ uri, reason }) => `${uri} (${reason})`).join(", ")}.`,
      "Mend the store, then run again; the other stores still hold the live secret.",
    );
  }
  if (missing.length > 0) {
    const count = `${missing.length} of ${reports.length}`;
    const older = twins ? "they show what they showed before" : "an older secret there is dead";
    throw new NotStoredError(`${count} stores could not be written; ${older}.`, {
      code: "ERR_NOT_STORED",
      secret,
      remedy: "Mend the stores listed as not written, then run again: that heals all of them.",
    });
  }
  const unverified = reports.find(({ holds }) => holds === "unverified" || holds === "another run's");
  const why = unverified?.reason ?? refused;
  if (why === undefined) return;
  if (secret === "not changed") {
    throw new StoreNotReadyError(
      `The working secret was copied, and does not log in any more: ${why}.`,
      "If another run was later, its secret counts. Otherwise run again in a minute.",
    );
  }
  throw new NotVerifiedError(`The secret is stored, but it does not log in: ${why}.`, {
    code: "ERR_NOT_VERIFIED",
    secret,
    remedy: "If another run was later, its secret counts. Otherwise run again in a minute.",
  });
}
