import type { StoredDocument } from "./document";
import { FIELD_NAMES, type FieldName } from "./grammar";
import { badOption, type StoreUri } from "./uri";

const READERS: Readonly<Record<FieldName, (document: StoredDocument) => string>> = {
  client_id: (document) => document.clientId,
  client_secret: (document) => document.clientSecret.reveal(),
  region: (document) => document.region,
  regenerated_at: (document) => document.regeneratedAt,
  rotation: (document) => document.rotation ?? "",
};

/** The one value of the document that a CI platform's variable holds. */
export interface Field {
  /** Whether its value must never show: masks are asked for it, and for nothing else. */
  readonly secret: boolean;
  valueIn(document: StoredDocument): string;
}

/**
 * The field that the URI's option names; the secret where it names none.
 * @throws {StoreUriError} when there is no such field
 */
export function readField(uri: StoreUri): Field {
  const text = uri.options.get("field") ?? "client_secret";
  const name = FIELD_NAMES.find((known) => known === text);
  if (name === undefined) throw badOption(uri, `the option field must be one of ${FIELD_NAMES.join(", ")}`);
  return { secret: name === "client_secret", valueIn: READERS[name] };
}

/**
 * An option that is either true or false.
 * @throws {StoreUriError} when it is anything else
 */
export function readSwitch(uri: StoreUri, option: string, fallback: boolean): boolean {
  const text = uri.options.get(option);
  if (text === undefined) return fallback;
  if (text !== "true" && text !== "false")
    throw badOption(uri, `the option ${option} must be "true" or "false"`);
  return text === "true";
}
