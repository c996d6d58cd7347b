import { loadPart } from "../core/load-part";
import type { Scheme } from "./schemes";
import type { Store, StoreContext } from "./store";
import type { StoreUri } from "./uri";

type Opener = (uri: StoreUri, context: StoreContext) => Store;

/** Each store's code, `<scheme>/store.ts`, is loaded only when the store is used. */
const OPENERS: Readonly<Record<Scheme, () => Promise<Opener>>> = {
  file: async () => (await import("./file/store")).openFileStore,
  vault: async () => (await import("./vault/store")).openVaultStore,
  "aws-secretsmanager": async () => (await import("./aws-secretsmanager/store")).openSecretsManagerStore,
  "aws-ssm": async () => (await import("./aws-ssm/store")).openSsmStore,
  "github-actions": async () => (await import("./github-actions/store")).openGithubActionsStore,
  "github-env": async () => (await import("./github-env/store")).openGithubEnvStore,
  gitlab: async () => (await import("./gitlab/store")).openGitlabStore,
  "gitlab-dotenv": async () => (await import("./gitlab-dotenv/store")).openGitlabDotenvStore,
  "genesys-credential": async () => (await import("./genesys-credential/store")).openGenesysCredentialStore,
  "azure-keyvault": async () => (await import("./azure-keyvault/store")).openAzureKeyVaultStore,
  "gcp-secretmanager": async () => (await import("./gcp-secretmanager/store")).openGcpSecretManagerStore,
  kubernetes: async () => (await import("./kubernetes/store")).openKubernetesStore,
  stdout: async () => (await import("./stdout/store")).openStdoutStore,
  command: async () => (await import("./command/store")).openCommandStore,
};

export async function openStore(uri: StoreUri, context: StoreContext): Promise<Store> {
  const open = await loadPart(`The store ${uri.scheme}:`, OPENERS[uri.scheme]);
  return open(uri, context);
}
