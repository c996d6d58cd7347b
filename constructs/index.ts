export { DataGenesyscloudAuthDivision } from "../.gen/providers/genesyscloud/data-genesyscloud-auth-division";
export { DataGenesyscloudAuthDivisionHome } from "../.gen/providers/genesyscloud/data-genesyscloud-auth-division-home";
export { DataGenesyscloudAuthRole } from "../.gen/providers/genesyscloud/data-genesyscloud-auth-role";
export { DataGenesyscloudOauthClient } from "../.gen/providers/genesyscloud/data-genesyscloud-oauth-client";
export { OauthClient } from "../.gen/providers/genesyscloud/oauth-client";
export { GenesyscloudProvider } from "../.gen/providers/genesyscloud/provider";
export type { Schedule } from "../scripts/core/schedule";
export type {
  AwsCreation,
  AwsSecretsManagerStoreProps,
  AwsSsmCreation,
  AwsSsmStoreProps,
  AwsStoreProps,
} from "./aws-stores";
export type {
  AdminCredentials,
  GrantType,
  ImportedOAuthClientProps,
  OAuthClientLifecycle,
  OAuthClientRole,
  RegenerationProps,
  SecureOAuthClientProps,
} from "./client-props";
export { Duration } from "./duration";
export { type AcceptedLeak, LeakGuard } from "./leak-guard";
export { Rotation, type RotationStart } from "./rotation";
export {
  type AzureKeyVaultStoreProps,
  type CommandStoreOptions,
  type GcpSecretManagerStoreProps,
  type GithubActionsStoreProps,
  type GitlabStoreProps,
  type KubernetesStoreProps,
  SecretStore,
  type VaultStoreProps,
} from "./secret-store";
export { type ISecureOAuthClient, SecureOAuthClient } from "./secure-oauth-client";
export { TwinOAuthClient } from "./twin-oauth-client";
export { VaultAuth, type VaultJwtLogin, type VaultRoleLogin } from "./vault-auth";
