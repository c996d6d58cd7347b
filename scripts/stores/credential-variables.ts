import { adminCredentialVariables } from "../core/admin-credentials";
import type { CredentialVariables } from "../core/child-environment";
import type { Environment } from "../core/environment";
import type { SchemeRow } from "./grammar";
import { SCHEMES } from "./schemes";

const ROWS: readonly SchemeRow[] = Object.values(SCHEMES);

/** Variables that hold the path of a file with credentials. */
export const CREDENTIAL_FILES: readonly string[] = namesIn(({ credentialFiles = [] }) => credentialFiles);

/** Credential variables of stores that the command of --then gets. */
export const PASSED_TO_THEN: readonly string[] = namesIn(({ passedToThen = [] }) => passedToThen);

const STORES = [...namesIn(({ credentials }) => credentials), ...CREDENTIAL_FILES];

/** The variables that no child process inherits, in this environment. */
export function credentialVariables(environment: Environment): CredentialVariables {
  return { admin: adminCredentialVariables(environment), stores: STORES };
}

function namesIn(field: (row: SchemeRow) => readonly string[]): string[] {
  return [...new Set(ROWS.flatMap(field))];
}
