import { inspect } from "node:util";
import { tokenOf } from "./patterns";

const PLACEHOLDER = "[secret]";

/** Anything else is not a secret. */
export const SECRET = tokenOf(8, 1024);

/**
 * A secret value that does not print: string conversion, JSON and `console.log` all give a placeholder.
 * `reveal` is the only way to the value, so that each use can be found by its name.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  equals(other: Secret): boolean {
    return this.#value === other.#value;
  }

  toString(): string {
    return PLACEHOLDER;
  }

  toJSON(): string {
    return PLACEHOLDER;
  }

  [inspect.custom](): string {
    return PLACEHOLDER;
  }
}
