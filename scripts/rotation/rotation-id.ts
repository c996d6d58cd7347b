import { type Environment, variable } from "../core/environment";
import { UsageError } from "../core/errors";
import { HIDDEN, printable } from "../core/printable";
import { ADOPTED } from "../core/schedule";
import { rowOf } from "../stores/schemes";
import type { StoreUri } from "../stores/uri";

/** What a Rotation of the construct can be: a version of 128 characters and its prefix. */
const LONGEST_ROTATION = 256;

/** The rotation id; null when none is given. */
export function readRotation(flags: { readonly rotation?: string }, environment: Environment): string | null {
  const rotation = flags.rotation ?? variable(environment, "SECRET_ROTATION") ?? null;
  if (rotation !== null && (rotation === "" || rotation.length > LONGEST_ROTATION || HIDDEN.test(rotation))) {
    throw new UsageError(
      `The rotation id must be 1 to 256 printable characters, it is "${printable(rotation)}".`,
    );
  }
  if (rotation === ADOPTED) {
    throw new UsageError(
      `The rotation id "${ADOPTED}" is what genesys-secret adopt notes, which counts as any: choose another one.`,
    );
  }
  return rotation;
}

/**
 * A store that is to hold the bare rotation id must be able to: in the middle of a run it would be too late.
 * @throws {UsageError}
 */
export function assertHoldable(rotation: string | null, uris: readonly StoreUri[]): void {
  if (rotation === null) return;
  for (const { scheme, options, text } of uris) {
    const { values } = rowOf(scheme);
    if (options.get("field") !== "rotation" || !values || values.pattern.test(rotation)) continue;
    throw new UsageError(
      `The store ${printable(text)} takes a rotation id of ${values.rule} only, it is "${printable(rotation)}".`,
    );
  }
}
