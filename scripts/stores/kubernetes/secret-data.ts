import { quote } from "../../core/printable";
import { fromJsonObject, OWN_FIELDS, SECRET_FIELD, type StoredDocument, toJsonObject } from "../document";
import { badOption, type StoreUri } from "../uri";

/** A key of a Secret. */
const KEY = /^[-._a-zA-Z0-9]{1,253}$/;
/** Fields of which a key holds JSON text; the others are texts. */
const JSON_FIELDS = ["stores", "verified"];

/** The document as keys of a Secret: one a field, so that a pod can mount or import them. */
export class SecretKeys {
  readonly #names: Readonly<Record<string, string>>;

  /** @throws {StoreUriError} when a key that the URI names is none, or another field's */
  constructor(uri: StoreUri) {
    this.#names = Object.fromEntries(
      OWN_FIELDS.map((field) => [field, uri.options.get(`${field}_key`) ?? field]),
    );
    const names = Object.values(this.#names);
    const wrong = names.find((name, index) => !KEY.test(name) || names.indexOf(name) !== index);
    if (wrong !== undefined)
      throw badOption(
        uri,
        `a key must be 1 to 253 letters, digits, "-", "_" and ".", and no other field's: ${quote(wrong)} is not`,
      );
  }

  /** The key that holds the secret. */
  get secret(): string {
    return this.#names[SECRET_FIELD] as string;
  }

  /** All keys that a document may have. */
  get all(): readonly string[] {
    return Object.values(this.#names);
  }

  /** Values are base64. A key that is left out goes from the Secret, which is what "no rotation id" means. */
  toData(document: StoredDocument): Record<string, string> {
    return Object.fromEntries(
      Object.entries(toJsonObject(document)).flatMap(([field, value]) => {
        if (value === null || value === undefined) return [];
        const text = typeof value === "string" ? value : JSON.stringify(value);
        return [[this.#names[field] as string, Buffer.from(text, "utf8").toString("base64")]];
      }),
    );
  }

  /** Reads a document out of a Secret's keys; undefined when they hold no client and secret. */
  fromData(data: Readonly<Record<string, string>>): StoredDocument | undefined {
    return fromJsonObject(
      Object.fromEntries(
        Object.entries(this.#names).map(([field, name]) => {
          const base64 = data[name];
          const text = base64 === undefined ? undefined : Buffer.from(base64, "base64").toString("utf8");
          return [field, JSON_FIELDS.includes(field) ? parse(text) : text];
        }),
      ),
    );
  }
}

function parse(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
