import type { Owner, Place, Unread } from "./findings";
import type { LeakVerdict } from "./liveness";
import type { Origin } from "./origin";

/** A leak as it is reported; without the secret. */
export interface ReportedLeak {
  /** Stands for the secret, in this report only. */
  readonly fingerprint: string;
  /** The client that it belongs to, as far as is known. */
  readonly clientId?: string;
  readonly owners: readonly Owner[];
  readonly verdict: LeakVerdict;
  /** A run of `--kill` replaced it. */
  readonly killed: boolean;
  readonly places: readonly Place[];
}

/** What an audit says at its end. */
export interface AuditReport {
  readonly leaks: readonly ReportedLeak[];
  readonly unread: readonly Unread[];
  readonly encrypted: readonly Origin[];
  /** Places of these secrets beyond those listed. */
  readonly unlisted: number;
  readonly streams: number;
  /** Git histories that were met and not asked for. */
  readonly unreadHistories: number;
  readonly bytes: number;
  /** Where it was asked whether secrets are valid; undefined when it was not. */
  readonly checkedAt?: string;
}

const ORDER = ["valid", "unknown", "unchecked", "invalid"] as const;

/** The worst first. */
export function byUrgency(leaks: readonly ReportedLeak[]): ReportedLeak[] {
  return [...leaks].sort(
    (one, other) => ORDER.indexOf(one.verdict.secret) - ORDER.indexOf(other.verdict.secret),
  );
}

/** Whether something is left to do: all but secrets that are known to be invalid, and archives read to their end. */
export function hasFindings({ leaks, unread }: AuditReport): boolean {
  return unread.length > 0 || leaks.some(({ verdict }) => verdict.secret !== "invalid");
}
