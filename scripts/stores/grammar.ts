/** The body and the options of a store URI, as a scheme's `parse` sees them. */
export interface SchemeGrammar {
  /** How the URI is written, for messages and docs. */
  readonly form: string;
  /** What the store is, in a few words. */
  readonly summary: string;
  /** Options that may follow as a query, each with its rule. */
  readonly options: Readonly<Record<string, string>>;
  /** Why Terraform's local-exec cannot use it; absent where it can. */
  readonly refusedUnderTerraform?: string;
  /** Checks the raw body and gives it in its canonical form; returns a reason when it does not fit. */
  readonly parse: (
    body: string,
  ) => { canonical: string; target: string | readonly string[] } | { reason: string };
}

/** Fields of the document that a store of single values can hold. */
export const FIELD_NAMES = ["client_id", "client_secret", "region", "regenerated_at", "rotation"] as const;

export type FieldName = (typeof FIELD_NAMES)[number];

/** The rule of the option `field`, for the grammar. Here and not beside its reader, `field.ts`: a row needs no document. */
export const FIELD_RULE = `the field of the document to store: ${FIELD_NAMES.join(", ")}; default client_secret`;

/** A part of a URI without its percent-encoding; undefined when that is broken. */
export function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
