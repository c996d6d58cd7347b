import { type Environment, variable } from "../core/environment";
import { UsageError } from "../core/errors";
import { HIDDEN, printable } from "../core/printable";
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
  return rotation;
}

/**
 * A dotenv report that is to hold the bare rotation id must be able to: in the middle of a run it would be too late.
 * @throws {UsageError}
 */
export function assertHoldable(rotation: string | null, uris: readonly StoreUri[]): void {
  const store = uris.find(
    ({ scheme, options }) => scheme === "gitlab-dotenv" && options.get("field") === "rotation",
  );
  if (store && rotation !== null && !/^[\x21-\x23\x25-\x7e]+$/.test(rotation)) {
    throw new UsageError(
      `The store ${printable(store.text)} takes a rotation id of ASCII without blanks and "$" only, it is "${printable(rotation)}".`,
    );
  }
}
