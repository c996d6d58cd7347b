import { printable } from "../core/printable";
import { holdsBareValue, isReadable } from "./traits";
import type { StoreUri } from "./uri";

/**
 * Why twins cannot be kept in these stores; undefined when they can. Whoever uses twins is told from one moment to the
 * next to use the other client: id and secret must change together, and what is in use must be read before a rotation.
 */
export function refusalOfTwins(uris: readonly StoreUri[]): string | undefined {
  const bare = uris.find(holdsBareValue);
  if (bare) {
    return `${printable(bare.text)} holds the bare secret, and with twins the client id changes together with it`;
  }
  if (!uris.some(isReadable)) {
    return "none of the stores can be read back, and only a stored secret tells which of the twins is in use";
  }
  return undefined;
}
