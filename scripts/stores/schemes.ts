import { AWS_SECRETS_MANAGER } from "./aws-secretsmanager/grammar";
import { AWS_SSM } from "./aws-ssm/grammar";
import { AZURE_KEYVAULT } from "./azure-keyvault/grammar";
import { COMMAND } from "./command/grammar";
import { FILE } from "./file/grammar";
import { GCP_SECRETMANAGER } from "./gcp-secretmanager/grammar";
import { GENESYS_CREDENTIAL } from "./genesys-credential/grammar";
import { GITHUB_ACTIONS } from "./github-actions/grammar";
import { GITHUB_ENV } from "./github-env/grammar";
import { GITLAB } from "./gitlab/grammar";
import { GITLAB_DOTENV } from "./gitlab-dotenv/grammar";
import type { SchemeRow } from "./grammar";
import { KUBERNETES } from "./kubernetes/grammar";
import { STDOUT } from "./stdout/grammar";
import { VAULT } from "./vault/grammar";

/**
 * The stores: one row a scheme, used by the construct at synth and by the program at run time.
 * `SCHEME:BODY[?OPTION=VALUE[&…]]`; reserved characters are percent-encoded.
 */
export const SCHEMES = {
  file: FILE,
  vault: VAULT,
  "aws-secretsmanager": AWS_SECRETS_MANAGER,
  "aws-ssm": AWS_SSM,
  "github-actions": GITHUB_ACTIONS,
  "github-env": GITHUB_ENV,
  gitlab: GITLAB,
  "gitlab-dotenv": GITLAB_DOTENV,
  "genesys-credential": GENESYS_CREDENTIAL,
  "azure-keyvault": AZURE_KEYVAULT,
  "gcp-secretmanager": GCP_SECRETMANAGER,
  kubernetes: KUBERNETES,
  stdout: STDOUT,
  command: COMMAND,
} satisfies Record<string, SchemeRow>;

/** What a store URI begins with. */
export type Scheme = keyof typeof SCHEMES;

export function isScheme(text: string): text is Scheme {
  return Object.hasOwn(SCHEMES, text);
}

export function rowOf(scheme: Scheme): SchemeRow {
  return SCHEMES[scheme];
}
