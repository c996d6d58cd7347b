import type { StoredDocument } from "../document";
import { fromJsonObject, toJsonObject, withoutOurs } from "../document";
import { parseObject } from "./json-object";

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
