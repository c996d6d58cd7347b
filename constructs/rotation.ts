import { HIDDEN } from "../scripts/printable";
import { describe } from "./invalid";
import { isUnresolved } from "./unresolved";

const LONGEST = 128;

/** When a client gets a new secret. Whatever the choice, a new client always does. */
export class Rotation {
  /** Only when the client itself is new, or is replaced. */
  static onClientChange(): Rotation {
    return new Rotation("on-client-change");
  }

  /**
   * Whenever the version changes: set another one and deploy.
   * @param version Any text of 1 to 128 printable characters, such as "1" or "2026-07", or a token.
   * @throws {Error} when it is empty, too long or holds an unprintable character.
   */
  static version(version: string): Rotation {
    if (!isUnresolved(version) && !isId(version)) {
      throw new Error(
        `Rotation.version() must be a text of 1 to 128 printable characters, got ${describe(version)}.`,
      );
    }
    // The prefix keeps a version from ever being the id of another kind of rotation.
    return new Rotation(`version:${version}`);
  }

  private constructor(
    /** What Terraform compares: while it stays, the secret stays. */
    readonly id: string,
  ) {}
}

/** The id is one line of an environment variable and of a document; what does not show makes two look like one. */
function isId(version: unknown): boolean {
  return typeof version === "string" && version !== "" && version.length <= LONGEST && !HIDDEN.test(version);
}
