import { GENESYS_ID } from "../../core/patterns";
import type { SchemeRow } from "../grammar";

/** `genesys-credential:`, the integration credential that logs in as this client. */
export const GENESYS_CREDENTIAL: SchemeRow = {
  form: "genesys-credential:ID",
  summary: "the integration credential of the same Genesys Cloud org that logs in as this client",
  example: "11111111-2222-4333-8444-555555555555",
  options: {},
  holds: "client id and secret",
  readable: false,
  credentials: [],
  policy: ["integrations:integration:view", "integrations:integration:edit"],
  notRehearsed: "whether the write is taken: only the permission for it is tried",
  parse: (id) =>
    GENESYS_ID.test(id)
      ? { canonical: id, target: id }
      : { reason: "the id must be letters, digits and hyphens, such as a UUID" },
};
