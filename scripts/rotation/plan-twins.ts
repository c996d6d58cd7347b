import { quote } from "../core/printable";
import { howDoneOutside, isDoneOutside } from "../core/schedule";
import type { StoredDocument } from "../stores/document";
import { isSameSecret, newest } from "./holdings";
import type { Found, Plan, Wanted } from "./plan";

/** What is wanted of two clients that stand in for each other. */
export interface WantedOfTwins extends Wanted {
  readonly twinId: string;
  /** Whether a rotation id that is done is to be done again. */
  readonly again: boolean;
}

/** What one store was found to hold, looked at more closely. */
export interface FoundOfTwins extends Found {
  /** Whether the document is one of the twins', and its secret lives. */
  readonly alive: boolean;
  /** Whether this run has just made it current: it was staged by a run that was interrupted. */
  readonly staged: boolean;
}

/**
 * Decides what a run has to do for twins. Two rules keep everybody's secret alive for a whole time between two
 * rotations, however runs were interrupted:
 *
 * - No client is regenerated that a store shows with a living secret; only the other, the idle one.
 * - One turn a run. Stores that a broken run has left apart are brought together, and that is this run's turn: whoever
 *   read the one that is behind holds the idle one, and has only now been told.
 *
 * A rotation id is done once: running again after a kill, with the same id, can not be told from a wish to rotate once
 * more, which `again` says.
 */
export function planTwins(wanted: WantedOfTwins, found: readonly FoundOfTwins[]): Plan {
  const { clientId, twinId, rotation } = wanted;
  const otherThan = (id: string): string => (id === clientId ? twinId : clientId);
  const shown = found.flatMap(({ document, alive }) =>
    document && [clientId, twinId].includes(document.clientId) ? [{ document, alive }] : [],
  );
  const living = shown.filter(({ alive }) => alive).map(({ document }) => document);
  const current = newest(living);
  if (!current) {
    const dead = newest(shown.map(({ document }) => document));
    return dead
      ? {
          action: "regenerate",
          clientId: otherThan(dead.clientId),
          reason: "no store holds a secret that lives",
        }
      : { action: "regenerate", clientId, reason: "no store holds a secret of these clients yet" };
  }

  const copy = (document: StoredDocument, reason: string): Plan => ({
    action: "copy",
    document,
    // What cannot be read back may lack it.
    into: found
      .filter(({ readable, document: held }) => !readable || !held || !isSameSecret(held, current))
      .map(({ uri }) => uri),
    reason,
  });
  if (
    living.some((document) => document.clientId !== current.clientId) ||
    found.some(({ staged }) => staged)
  ) {
    const counts = rotation !== null && rotation !== current.rotation;
    return copy(
      { ...current, rotation: rotation ?? current.rotation },
      `a rotation was interrupted, and is finished${counts ? `; it counts as ${quote(rotation)}` : ""}: to regenerate the ` +
        "other client at once would lock out whoever still holds it",
    );
  }
  if (rotation !== null && isDoneOutside(current.rotation, rotation))
    return copy({ ...current, rotation }, howDoneOutside(current.rotation));
  if (rotation !== null && rotation === current.rotation && !wanted.again)
    return copy(current, `the rotation ${quote(rotation)} is done`);

  const reason =
    rotation === null
      ? "it was asked for, without a rotation id"
      : rotation === current.rotation
        ? "it was asked for again"
        : `the rotation id has changed to ${quote(rotation)}`;
  return { action: "regenerate", clientId: otherThan(current.clientId), reason };
}
