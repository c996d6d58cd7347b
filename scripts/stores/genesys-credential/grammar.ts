import type { SchemeGrammar } from "../grammar";

/** `genesys-credential:`, the integration credential that logs in as this client. */
export const GENESYS_CREDENTIAL = {
  form: "genesys-credential:ID",
  summary: "the integration credential of the same Genesys Cloud org that logs in as this client",
  options: {},
  parse: (id) =>
    /^[A-Za-z0-9_-]{1,128}$/.test(id)
      ? { canonical: id, target: id }
      : { reason: "the id must be letters, digits and hyphens, such as a UUID" },
} as const satisfies SchemeGrammar;
