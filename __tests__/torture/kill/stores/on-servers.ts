import { AzureCloud } from "../../../helpers/azure/azure-cloud";
import { missingOpenssl } from "../../../helpers/certificate";
import { GoogleCloud } from "../../../helpers/gcp/google-cloud";
import { openGithub, REPOSITORY, REPOSITORY_SECRETS } from "../../../helpers/github/github-fixture";
import { openGitlab, PROJECT } from "../../../helpers/gitlab/gitlab-fixture";
import { Cluster } from "../../../helpers/kubernetes/cluster";
import { VaultFixture } from "../../../helpers/vault/fixture";
import type { StoreKind } from "./tested-store";

const NAME = "ORDERS_SECRET";

const secretIn = (document: string | undefined): string | undefined =>
  JSON.parse(document ?? "{}").client_secret;

export const vault: StoreKind = {
  name: "vault",
  open: async () => {
    const fixture = await VaultFixture.open();
    return {
      uri: fixture.uri,
      environment: fixture.environment,
      credentials: fixture.storeCredentials,
      held: () => fixture.readSecret(),
      close: () => fixture.close(),
    };
  },
};

export const azure: StoreKind = {
  name: "azure-keyvault",
  missing: missingOpenssl,
  open: async ({ tools }) => {
    const cloud = await AzureCloud.start("orders-vault", tools);
    return {
      uri: "azure-keyvault:orders-vault/orders",
      environment: cloud.environment,
      credentials: [cloud.token, cloud.environment.IDENTITY_HEADER as string],
      held: () => secretIn(cloud.vault.value("orders")),
      close: () => cloud.close(),
    };
  },
};

/** With the option that disables the version before: one more thing that a kill can leave undone. */
export const gcp: StoreKind = {
  name: "gcp-secretmanager",
  missing: missingOpenssl,
  open: async ({ tools }) => {
    const cloud = await GoogleCloud.start("orders-project", tools);
    return {
      uri: "gcp-secretmanager:projects/orders-project/secrets/orders?create=true&disable_previous=true",
      environment: cloud.environment,
      credentials: [cloud.token, cloud.privateKey],
      held: () => secretIn(cloud.secrets.exists("orders") ? cloud.secrets.value("orders") : undefined),
      leftovers: () =>
        cloud.secrets
          .states("orders")
          .slice(0, -1)
          .flatMap((state, index) => (state === "ENABLED" ? [`version ${index + 1} is enabled`] : [])),
      close: () => cloud.close(),
    };
  },
};

export const kubernetes: StoreKind = {
  name: "kubernetes",
  open: async ({ tools }) => {
    const cluster = await Cluster.start(tools);
    return {
      uri: "kubernetes:default/orders",
      environment: { KUBECONFIG: cluster.kubeconfig("config.json") },
      credentials: [cluster.account.token],
      held: () => cluster.api.secret("default", "orders")?.value("client_secret"),
      close: () => cluster.close(),
    };
  },
};

export const githubActions: StoreKind = {
  name: "github-actions",
  open: async () => {
    const github = await openGithub(`github-actions:${REPOSITORY}/${NAME}`);
    return {
      uri: github.uri,
      environment: github.environment,
      credentials: github.storeCredentials,
      held: () => github.server.box(REPOSITORY_SECRETS).get(NAME)?.value,
      close: () => github.close(),
    };
  },
};

export const gitlab: StoreKind = {
  name: "gitlab",
  open: async () => {
    const fixture = await openGitlab(`gitlab:${encodeURIComponent(PROJECT)}/${NAME}`);
    return {
      uri: fixture.uri,
      environment: fixture.environment,
      credentials: fixture.storeCredentials,
      held: () => fixture.variables.all().find(({ key }) => key === NAME)?.value,
      leftovers: () =>
        fixture.variables.all().flatMap(({ key }) => (key === NAME ? [] : [`the variable ${key}`])),
      close: () => fixture.close(),
    };
  },
};

export const genesysCredential: StoreKind = {
  name: "genesys-credential",
  open: async ({ sandbox }) => {
    const id = await addCredential(sandbox.origin, sandbox.admin);
    return {
      uri: `genesys-credential:${id}`,
      environment: {},
      credentials: [],
      held: () => sandbox.credentialFields(id)?.clientSecret || undefined,
      close: () => {},
    };
  },
};

/** Makes an integration credential, empty, as its admin would. @returns its id */
async function addCredential(
  origin: string,
  admin: { readonly clientId: string; readonly clientSecret: string },
): Promise<string> {
  const login = await fetch(`${origin}/oauth/token`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`${admin.clientId}:${admin.clientSecret}`)}` },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
  const { access_token } = (await login.json()) as { access_token: string };
  const created = await fetch(`${origin}/api/v2/integrations/credentials`, {
    method: "POST",
    headers: { authorization: `Bearer ${access_token}`, "content-type": "application/json" },
    body: JSON.stringify({
      name: "Orders integration",
      type: { name: "pureCloudOAuthClient" },
      credentialFields: { clientId: "", clientSecret: "" },
    }),
  });
  return ((await created.json()) as { id: string }).id;
}
