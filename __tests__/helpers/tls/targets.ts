import type { Call } from "./call";
import type { TargetFiles } from "./target-files";

/** The kinds of proxy that a target has a setting of its own for. */
export type OwnProxy = "http" | "https" | "socks5h";

/** A service that is given a credential. */
export interface Target {
  readonly name: string;
  /** As it stands in a URL. */
  readonly host: string;
  readonly to: Call["to"];
  /** The variables that lead there. @param proxy the address for the target's own setting of a proxy */
  environment(proxy?: URL): Record<string, string>;
  readonly ownProxies?: readonly OwnProxy[];
  /** Hosts that are asked, too, on the way there or afterwards. */
  readonly alsoAsked?: readonly string[];
  /** A proxy, which is given its password and told the host; it is what the certificate is tried on. */
  readonly isProxy?: boolean;
}

const HOSTS = {
  "by name": "server.example",
  "by IPv4 address": "10.11.12.13",
  "by IPv6 address": "[2001:db8::1]",
} as const;

const PROXIES = {
  "by name": "other-proxy.example",
  "by IPv4 address": "10.11.12.99",
  "by IPv6 address": "[2001:db8::99]",
} as const;

const AWS = { AWS_REGION: "eu-west-1", AWS_EC2_METADATA_DISABLED: "true" };
const AWS_KEYS = { ...AWS, AWS_ACCESS_KEY_ID: "AKIATEST", AWS_SECRET_ACCESS_KEY: "aws-private-key" };
const ADMIN = { GENESYSCLOUD_OAUTHCLIENT_ID: "admin", GENESYSCLOUD_OAUTHCLIENT_SECRET: "admin-secret" };
const AZURE_VAULT = "orders-vault.vault.azure.net";
const GOOGLE_TOKENS = "oauth2.googleapis.com";
const GOOGLE_SECRETS = "secretmanager.googleapis.com";
const GCP = "gcp-secretmanager:projects/orders-project/secrets/orders";

const ALSO_ASKED = [
  ["azure-keyvault:", AZURE_VAULT],
  ["gcp-secretmanager:", GOOGLE_TOKENS],
  ["gcp-secretmanager:", GOOGLE_SECRETS],
] as const;

/** What no output may show. */
export const CREDENTIALS = [
  ...["admin-secret", "aws-private-key", "azure-secret", "proxy-password", "cluster-token"],
  ...["hvs.token", "job-token", "ghp_token", "glpat-token", "header.payload.signature"],
];

/** Every service that the program gives a credential to, at each kind of host that it can have. */
export function targets(files: TargetFiles): readonly Target[] {
  const { tokenFile, googleKey } = files;
  const fixed = (name: string, host: string, store: string, environment: Record<string, string>): Target => ({
    name,
    host,
    to: { store },
    environment: () => environment,
    alsoAsked: ALSO_ASKED.filter(([scheme, also]) => store.startsWith(scheme) && also !== host).map(
      ([, also]) => also,
    ),
  });
  const anywhere = (
    name: string,
    store: string,
    environment: (origin: string) => Record<string, string>,
  ): Target[] =>
    Object.entries(HOSTS).map(([kind, host]) =>
      fixed(`${name} ${kind}`, host, store, environment(`https://${host}`)),
    );

  return [
    genesys("Genesys Cloud, login", "login.mypurecloud.com", "login", {}),
    genesys("Genesys Cloud, API", "api.mypurecloud.com", "api", {}),
    ...Object.entries(HOSTS).map(([kind, host]) =>
      genesys(`a gateway ${kind}`, host, "login", { GENESYSCLOUD_GATEWAY_HOST: host }),
    ),
    ...anywhere("vault:", "vault:secret/orders", (origin) => ({
      VAULT_ADDR: origin,
      VAULT_TOKEN: "hvs.token",
    })),
    ...anywhere("vault:, GitHub's token service", "vault:secret/orders?auth=jwt&role=ci", (origin) => ({
      VAULT_ADDR: "https://vault.example",
      ACTIONS_ID_TOKEN_REQUEST_URL: `${origin}/token`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: "job-token",
    })),
    ...anywhere("github-actions:", "github-actions:acme/orders/SECRET", (origin) => ({
      GITHUB_API_URL: origin,
      GH_TOKEN: "ghp_token",
    })),
    ...anywhere("gitlab:", "gitlab:acme%2Forders/SECRET", (origin) => ({
      GITLAB_URL: origin,
      GITLAB_TOKEN: "glpat-token",
    })),
    ...Object.entries(HOSTS).map(([kind, host]) => kubernetes(`kubernetes: ${kind}`, host, files)),
    ...anywhere("aws-secretsmanager:", "aws-secretsmanager:orders", (origin) => ({
      ...AWS_KEYS,
      AWS_ENDPOINT_URL: origin,
    })),
    ...anywhere("aws-ssm:", "aws-ssm:/orders", (origin) => ({ ...AWS_KEYS, AWS_ENDPOINT_URL: origin })),
    ...anywhere("aws-ssm:, STS", "aws-ssm:/orders", (origin) => ({
      ...AWS,
      AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/rotator",
      AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile,
      AWS_ENDPOINT_URL_STS: origin,
    })),
    fixed("azure-keyvault:", AZURE_VAULT, "azure-keyvault:orders-vault/orders", {}),
    fixed("azure-keyvault:, Entra ID", "login.microsoftonline.com", "azure-keyvault:orders-vault/orders", {
      AZURE_TENANT_ID: "11111111-1111-4111-8111-111111111111",
      AZURE_CLIENT_ID: "22222222-2222-4222-8222-222222222222",
      AZURE_CLIENT_SECRET: "azure-secret",
      AZURE_TOKEN_CREDENTIALS: "EnvironmentCredential",
    }),
    fixed("gcp-secretmanager:", GOOGLE_SECRETS, GCP, {
      GOOGLE_APPLICATION_CREDENTIALS: googleKey,
    }),
    fixed("gcp-secretmanager:, Google's tokens", GOOGLE_TOKENS, GCP, {
      GOOGLE_APPLICATION_CREDENTIALS: googleKey,
    }),
    ...anywhere("gcp-secretmanager:, a workload's tokens", GCP, (origin) => ({
      GOOGLE_APPLICATION_CREDENTIALS: files.workload(origin),
    })),
    ...Object.entries(PROXIES).map(([kind, host]) => ({
      ...fixed(`the proxy itself ${kind}`, host, "vault:secret/orders", {
        VAULT_ADDR: "https://server.example",
        VAULT_TOKEN: "hvs.token",
        HTTPS_PROXY: `https://user:proxy-password@${host}`,
      }),
      isProxy: true,
    })),
  ];
}

function genesys(
  name: string,
  host: string,
  service: "login" | "api",
  environment: Record<string, string>,
): Target {
  return {
    name,
    host,
    to: { genesys: service },
    ownProxies: ["http", "https"],
    environment: (proxy) => ({
      ...ADMIN,
      ...environment,
      ...(proxy && {
        GENESYSCLOUD_PROXY_PROTOCOL: proxy.protocol.replace(":", ""),
        GENESYSCLOUD_PROXY_HOST: proxy.hostname,
        GENESYSCLOUD_PROXY_PORT: proxy.port,
      }),
    }),
  };
}

function kubernetes(name: string, host: string, files: TargetFiles): Target {
  return {
    name,
    host,
    to: { store: "kubernetes:default/orders" },
    ownProxies: ["http", "https", "socks5h"],
    environment: (proxy) => ({ KUBECONFIG: files.kubeconfig(`https://${host}`, proxy) }),
  };
}
