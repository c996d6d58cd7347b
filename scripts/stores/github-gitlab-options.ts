/** Fields of the document that a store of single values can hold. */
export const FIELD_NAMES = ["client_id", "client_secret", "region", "regenerated_at", "rotation"] as const;

export type FieldName = (typeof FIELD_NAMES)[number];

/** The rule of the option `field`, for the grammar. Here and not beside its reader, which needs the grammar. */
export const FIELD_RULE = `the field of the document to store: ${FIELD_NAMES.join(", ")}; default client_secret`;
