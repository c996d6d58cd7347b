import type { StoredDocument } from "./document";
import type { Field } from "./field";

/** For a field that this run has no value for: clouds take no empty one. */
const NOTHING = "none";

/** What a secret of a cloud holds in place of the whole document. */
export function bareValue(field: Field, document: StoredDocument): string {
  return field.valueIn(document) || NOTHING;
}
