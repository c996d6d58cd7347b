import { describe } from "./invalid";
import { isUnresolved } from "./unresolved";

// No control, format or line-separating characters: the id is one line of an environment variable and of a document.
const ID = /^[^\p{C}\p{Zl}\p{Zp}]{1,128}$/u;

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
    if (!isUnresolved(version) && !(typeof version === "string" && ID.test(version))) {
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
