import { createHmac, randomBytes } from "node:crypto";
import type { Secret } from "../core/secret";

/**
 * What a report calls a secret. It must show which places hold the same one, and nothing more: neither characters of it
 * nor a plain hash, which would prove a guess (a stale value in a state may be a weak one). So it is a keyed hash, cut
 * to 8 digits, with a key that is random, in memory only, and gone with the run: it cannot be compared between runs.
 */
export class Fingerprints {
  readonly #key = randomBytes(32);

  of(secret: Secret): string {
    return `#${createHmac("sha256", this.#key).update(secret.reveal()).digest("hex").slice(0, 8)}`;
  }
}
