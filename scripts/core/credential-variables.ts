import { adminCredentialVariables } from "./admin-credentials";
import type { Environment } from "./environment";

/**
 * Variables from which stores, and the tools a `command:` store starts, take credentials. A child gets one only when
 * the store's option `env` names it.
 */
const STORE_VARIABLES = [
  "VAULT_TOKEN",
  "VAULT_SECRET_ID",
  "VAULT_JWT",
  "BAO_TOKEN",
  "BAO_SECRET_ID",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AZURE_CLIENT_SECRET",
  "AZURE_CLIENT_CERTIFICATE_PASSWORD",
  "AZURE_PASSWORD",
  "AZURE_CLIENT_CERTIFICATE_PATH",
  "AZURE_FEDERATED_TOKEN_FILE",
  "IDENTITY_HEADER",
  "MSI_SECRET",
  "GOOGLE_APPLICATION_CREDENTIALS",
  "GOOGLE_CREDENTIALS",
  "GOOGLE_OAUTH_ACCESS_TOKEN",
  "CLOUDSDK_AUTH_ACCESS_TOKEN",
  "KUBECONFIG",
  "GH_TOKEN",
  "GITHUB_TOKEN",
  "GITLAB_TOKEN",
  "CI_JOB_TOKEN",
  "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
] as const;

/** The admin's own password-like variables beside its client: the gateway's and the proxy's. */
const CONNECTION_VARIABLES = ["GENESYSCLOUD_GATEWAY_AUTH_PASSWORD", "GENESYSCLOUD_PROXY_AUTH_PASSWORD"];

/** Names of the variables that no child process inherits. */
export interface CredentialVariables {
  /** Never passed on, whoever asks. */
  readonly admin: readonly string[];
  /** Passed on only when named. */
  readonly stores: readonly string[];
}

export function credentialVariables(environment: Environment): CredentialVariables {
  return {
    admin: [...adminCredentialVariables(environment), ...CONNECTION_VARIABLES],
    stores: STORE_VARIABLES,
  };
}
