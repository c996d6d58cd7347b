import { StoreFault } from "../core/errors";
import { fromJsonObject, OWN_FIELDS, SECRET_FIELD, type StoredDocument, toJsonObject } from "./document";

/** Room for what this program writes: the URIs of some twenty stores included. */
const OWN_BYTES = 2_048;

type JsonObject = Readonly<Record<string, unknown>>;

/** What a store holds: a JSON object in which our document stands, and others may keep fields of their own. */
export class HeldDocument {
  readonly #secretField: string;

  /**
   * Reads what is stored as a text.
   * @param text undefined or blank when nothing is stored, null when it is no text
   * @throws {StoreFault} when it is not a JSON object, which is not ours to overwrite
   */
  static parse(text: string | null | undefined): HeldDocument {
    return new HeldDocument(text === undefined || text?.trim() === "" ? {} : parseObject(text ?? ""));
  }

  /** The document in a text that may be somebody else's; undefined when it is none. */
  static documentIn(text: string | null | undefined): StoredDocument | undefined {
    try {
      return HeldDocument.parse(text).document;
    } catch {
      return undefined;
    }
  }

  /** @param secretField the field that holds the secret */
  constructor(
    readonly object: JsonObject,
    secretField = SECRET_FIELD,
  ) {
    this.#secretField = secretField;
  }

  get document(): StoredDocument | undefined {
    return fromJsonObject({ ...this.object, [SECRET_FIELD]: this.object[this.#secretField] });
  }

  isOf(clientId: string): boolean {
    return this.object.client_id === clientId;
  }

  /** The same with this document in it, the fields of others kept. */
  with(document: StoredDocument): HeldDocument {
    const ours = Object.entries(toJsonObject(document)).map(([name, value]) => [this.#nameOf(name), value]);
    return new HeldDocument({ ...this.object, ...Object.fromEntries(ours) }, this.#secretField);
  }

  /** The same without our fields; undefined when others keep nothing in it. */
  get others(): HeldDocument | undefined {
    const own = OWN_FIELDS.map((field) => this.#nameOf(field));
    const others = Object.entries(this.object).filter(([name]) => !own.includes(name));
    return others.length > 0 ? new HeldDocument(Object.fromEntries(others)) : undefined;
  }

  get text(): string {
    return JSON.stringify(this.object);
  }

  /** How large it may become when a document is put into it, bytes. */
  get expectedBytes(): number {
    const others = Buffer.byteLength(this.others?.text ?? "");
    return Math.max(Buffer.byteLength(this.text), others + OWN_BYTES);
  }

  #nameOf(field: string): string {
    return field === SECRET_FIELD ? this.#secretField : field;
  }
}

function parseObject(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new StoreFault("it holds something that is not a JSON object");
}
