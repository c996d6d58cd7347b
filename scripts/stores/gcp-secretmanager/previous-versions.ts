import type { Progress } from "../../core/progress";
import { HeldDocument } from "../document";
import type { StoreUri } from "../uri";
import { faultOf, type VersionedSecret } from "./secret";

/** How many runs in a row may have been killed before one disables what they left enabled. */
const MOST_FORGOTTEN = 5;

/** With `disable_previous=true`: the versions that are no longer current. */
export class PreviousVersions {
  readonly #uri: StoreUri;
  readonly #secret: VersionedSecret;
  readonly #progress: Progress;

  constructor(uri: StoreUri, secret: VersionedSecret, progress: Progress) {
    this.#uri = uri;
    this.#secret = secret;
    this.#progress = progress;
  }

  /**
   * Disables what was current before, and below it what killed runs have left.
   * @param found the version that was the latest; undefined when there was none, or it is disabled
   * @param isNew whether that one is what was to be written, by a try whose answer was lost
   */
  async disable(found: number | undefined, isNew: boolean, clientId: string): Promise<void> {
    if (found === undefined) return;
    if (!isNew) await this.#disable(found);
    const isOurs = async (number: number): Promise<boolean> => {
      const version = await (await this.#secret.api()).access(number, 0);
      return HeldDocument.parse(version?.value).isOf(clientId);
    };
    // A run that was killed before it could disable the version below its own left it enabled, and so did those before.
    for (let number = found - 1; number > Math.max(found - 1 - MOST_FORGOTTEN, 0); number--) {
      // One that is disabled, or is no document of ours, cannot be read as one: then nothing was forgotten.
      if (!(await isOurs(number).catch(() => false))) return;
      await this.#disable(number);
    }
  }

  /** What it holds is invalid by now: a failure is worth a word, not the run. */
  async #disable(version: number): Promise<void> {
    await (await this.#secret.api()).disable(version).catch((error) => {
      this.#progress.warn(
        `${this.#uri.text}: version ${version}, which is no longer current, could not be disabled: ${faultOf(error).message}`,
      );
    });
  }
}
