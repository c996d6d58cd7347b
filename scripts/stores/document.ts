import { StoreFault } from "../core/errors";
import { GENESYS_ID, tokenOf } from "../core/patterns";
import { Secret } from "../core/secret";
import { withField, withoutField } from "./json-text";

/** What a store holds of a client: the fields that this program owns in the stored JSON object. */
export interface StoredDocument {
  readonly clientId: string;
  readonly clientSecret: Secret;
  /** AWS name of the region. */
  readonly region: string;
  /** ISO 8601, UTC. */
  readonly regeneratedAt: string;
  /** The rotation id; null when the run that wrote it had none. */
  readonly rotation: string | null;
  /** URIs of all stores that were given the secret. */
  readonly stores: readonly string[];
}

/** The field that holds the secret, where the URI names no other. */
export const SECRET_FIELD = "client_secret";

/** What this program writes; all else is kept as others wrote it. */
export const OWN_FIELDS: readonly string[] = [
  "client_id",
  SECRET_FIELD,
  "region",
  "regenerated_at",
  "rotation",
  "stores",
];

/** The document as the JSON object that is stored. */
export function toJsonObject(document: StoredDocument): Record<string, unknown> {
  return {
    client_id: document.clientId,
    client_secret: document.clientSecret.reveal(),
    region: document.region,
    regenerated_at: document.regeneratedAt,
    rotation: document.rotation,
    stores: document.stores,
  };
}

// What no run of this program writes is somebody else's text: it is not taken for an id, a secret or a time, which go
// into headers, environments, command lines and messages from here.
const STORED_SECRET = tokenOf(1, 1024);
const REGION = /^[a-z0-9-]{1,64}$/;
const TIME = /^\d{4}-\d\d-\d\dT[\d:.]{1,20}Z$/;

/** Reads a document out of a stored JSON object; undefined when it holds no client and secret. */
export function fromJsonObject(object: Readonly<Record<string, unknown>>): StoredDocument | undefined {
  const { client_id, client_secret, region, regenerated_at, rotation, stores } = object;
  if (!fits(client_id, GENESYS_ID) || !fits(client_secret, STORED_SECRET)) return undefined;
  return {
    clientId: client_id,
    clientSecret: new Secret(client_secret),
    region: fits(region, REGION) ? region : "",
    regeneratedAt: fits(regenerated_at, TIME) ? regenerated_at : "",
    rotation: typeof rotation === "string" ? rotation : null,
    stores: Array.isArray(stores) ? stores.filter((uri) => typeof uri === "string") : [],
  };
}

function fits(value: unknown, rule: RegExp): value is string {
  return typeof value === "string" && rule.test(value);
}

/** Room for what this program writes: the URIs of some twenty stores included. */
const OWN_BYTES = 2_048;

type JsonObject = Readonly<Record<string, unknown>>;

/** With which some programs begin a text. */
const BYTE_ORDER_MARK = "\uFEFF";

/**
 * What a store holds: a JSON object in which our document stands, and others may keep fields of their own. It stays the
 * text that it was, with all that JavaScript would not give back as it was written.
 */
export class HeldDocument {
  readonly #secretField: string;

  /**
   * Reads what is stored as a text.
   * @param text undefined or blank when nothing is stored, null when it is no text
   * @param secretField the field that holds the secret
   * @throws {StoreFault} when it is not a JSON object, which is not ours to overwrite
   */
  static parse(text: string | null | undefined, secretField = SECRET_FIELD): HeldDocument {
    // A byte order mark is white space here, too.
    if (text === undefined || text?.trim() === "") return new HeldDocument({}, secretField);
    return new HeldDocument(parseObject(unmarked(text ?? "")), secretField, text ?? "");
  }

  /** The document in a text that may be somebody else's; undefined when it is none. */
  static documentIn(text: string | null | undefined): StoredDocument | undefined {
    try {
      return HeldDocument.parse(text).document;
    } catch {
      return undefined;
    }
  }

  /**
   * @param secretField the field that holds the secret
   * @param text the object as it was written. @default - as JavaScript writes it, where nobody wrote it before
   */
  constructor(
    readonly object: JsonObject,
    secretField = SECRET_FIELD,
    readonly text = JSON.stringify(object),
  ) {
    this.#secretField = secretField;
  }

  get document(): StoredDocument | undefined {
    return fromJsonObject({ ...this.object, [SECRET_FIELD]: this.object[this.#secretField] });
  }

  isOf(clientId: string): boolean {
    return this.object.client_id === clientId;
  }

  /** The same with this document in it, the fields of others kept as they were written. */
  with(document: StoredDocument): HeldDocument {
    const ours = toJsonObject(document);
    return this.#edited((text, field) => {
      const [name, value] = [this.#nameOf(field), ours[field]];
      return value === undefined ? withoutField(text, name) : withField(text, name, value);
    });
  }

  /** The same without our fields; undefined when others keep nothing in it. */
  get others(): HeldDocument | undefined {
    const others = this.#edited((text, field) => withoutField(text, this.#nameOf(field)));
    return Object.keys(others.object).length > 0 ? others : undefined;
  }

  /** How large it may become when a document is put into it, bytes. */
  get expectedBytes(): number {
    const others = Buffer.byteLength(this.others?.text ?? "");
    return Math.max(Buffer.byteLength(this.text), others + OWN_BYTES);
  }

  /** @param edit changes the text as one of our fields has it */
  #edited(edit: (text: string, field: string) => string): HeldDocument {
    const bare = unmarked(this.text);
    const mark = this.text.slice(0, this.text.length - bare.length);
    return HeldDocument.parse(mark + OWN_FIELDS.reduce(edit, bare), this.#secretField);
  }

  #nameOf(field: string): string {
    return field === SECRET_FIELD ? this.#secretField : field;
  }
}

function unmarked(text: string): string {
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(BYTE_ORDER_MARK.length) : text;
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
