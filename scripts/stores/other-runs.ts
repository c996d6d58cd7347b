import type { StoredDocument } from "./document";
import { StoreFault } from "./store";

/** Whether another run of this program wrote into a store while this one was under way. */
export class OtherRuns {
  #before: StoredDocument | undefined;

  /** @param document what was there when this run began */
  remember(document: StoredDocument | undefined): void {
    this.#before = document;
  }

  /**
   * A slower run must not put its dead secret over the one of a later run.
   * @param found what is there now
   * @param document what is about to be written
   * @throws {StoreFault} when a later run has written
   */
  assertNoneLater(found: StoredDocument | undefined, document: StoredDocument): void {
    if (!found || found.clientId !== document.clientId) return;
    const others =
      !found.clientSecret.equals(document.clientSecret) &&
      !(this.#before && found.clientSecret.equals(this.#before.clientSecret));
    // Clocks differ from machine to machine: what was there before this run is replaced, whatever its date.
    if (others && found.regeneratedAt > document.regeneratedAt)
      throw new StoreFault("another run has written a later secret meanwhile");
  }
}
