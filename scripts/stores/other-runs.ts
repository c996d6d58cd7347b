import type { StoredDocument } from "./document";
import { OvertakenFault } from "./store";

/** Whether another run of this program wrote into a store while this one was under way. */
export class OtherRuns {
  #before: StoredDocument | undefined;

  /** @param document what was there when this run began */
  remember(document: StoredDocument | undefined): void {
    this.#before = document;
  }

  /**
   * A run must not put a dead secret over a live one. Dates would not tell which is which: clocks differ, and answers
   * overtake each other.
   * @param found what is there now
   * @param document what is about to be written
   * @throws {OvertakenFault} when it is the secret of another run
   */
  assertNone(found: StoredDocument | undefined, document: StoredDocument): void {
    if (!found || found.clientId !== document.clientId) return;
    const ours = found.clientSecret.equals(document.clientSecret);
    const wasThere = this.#before !== undefined && found.clientSecret.equals(this.#before.clientSecret);
    if (!ours && !wasThere) throw new OvertakenFault("another run has written its secret meanwhile");
  }
}
