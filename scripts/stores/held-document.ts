import { StoreFault } from "../core/errors";
import { fromJsonObject, type StoredDocument, toJsonObject, withoutOurs } from "./document";

/** Room for what this program writes: the URIs of some twenty stores included. */
const OWN_BYTES = 2_048;

/** A stored text, read as the JSON object in which others may keep fields of their own. */
export class HeldDocument {
  readonly #object: Readonly<Record<string, unknown>>;

  /** The document in a text that may be somebody else's; undefined when it is none. */
  static documentIn(text: string | null | undefined): StoredDocument | undefined {
    try {
      return new HeldDocument(text).document;
    } catch {
      return undefined;
    }
  }

  /**
   * @param text undefined when nothing is stored
   * @throws {StoreFault} when it is not a JSON object
   */
  constructor(text: string | null | undefined) {
    this.#object = text === undefined ? {} : parseObject(text ?? "");
  }

  get document(): StoredDocument | undefined {
    return fromJsonObject(this.#object);
  }

  get clientId(): unknown {
    return this.#object.client_id;
  }

  /** The text to store so that it holds this document, the fields of others kept. */
  with(document: StoredDocument): string {
    return JSON.stringify({ ...this.#object, ...toJsonObject(document) });
  }

  /** The text without our fields; undefined when others keep nothing in it. */
  get others(): string | undefined {
    const others = withoutOurs(this.#object);
    return Object.keys(others).length > 0 ? JSON.stringify(others) : undefined;
  }

  /** How large it may become when a document is put into it, bytes. */
  get expectedBytes(): number {
    const now = Buffer.byteLength(JSON.stringify(this.#object));
    return Math.max(now, Buffer.byteLength(this.others ?? "") + OWN_BYTES);
  }
}

/**
 * The JSON object that is stored as a text.
 * @throws {StoreFault} when it is none
 */
export function parseObject(text: string | undefined): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text ?? "");
  } catch {
    value = undefined;
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new StoreFault("it holds something that is not a JSON object");
}

type JsonObject = Record<string, unknown>;

/**
 * The JSON object that a secret's value is.
 * @param value the value; undefined or blank when there is none
 * @throws {StoreFault} when it is something else, which is not ours to overwrite
 */
export function objectIn(value: string | undefined): JsonObject {
  return value === undefined || value.trim() === "" ? {} : parseObject(value);
}

/** The new value: our fields replaced, those of others kept. */
export function merged(object: Readonly<JsonObject>, document: StoredDocument): string {
  return JSON.stringify({ ...object, ...toJsonObject(document) });
}
