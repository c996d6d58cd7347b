/** Why a package, or a file of ours, may use what leads out of the process. */
type Reasons = Readonly<Record<string, string>>;

const PROXY = "tunnels through the proxy that HTTPS_PROXY or GENESYSCLOUD_PROXY_* names";
const AZURE = "Microsoft's client: the vault, and where its tokens come from";
const GOOGLE =
  "Google's library for tokens; its requests go through scripts/stores/gcp-secretmanager/bounded-fetch.ts";
const KUBERNETES = "the official client; its requests go through scripts/stores/kubernetes/http-library.ts";
const AWS = "the AWS SDK: the store, and where its credentials come from";
const GOT = "the one HTTP client of ours, and what it is made of";
const SANDBOX = "genesys-secret sandbox: a server on 127.0.0.1, for a command that is started in it";

/** Of each of Node's modules that opens connections: who uses it, by the file's package or, of ours, by the file. */
export const MODULES: Readonly<Record<string, Reasons>> = {
  net: {
    "@grpc/grpc-js": SANDBOX,
    "@kubernetes/client-node": KUBERNETES,
    "agent-base": PROXY,
    got: GOT,
    "http-proxy-agent": PROXY,
    "https-proxy-agent": PROXY,
    "node-fetch": GOOGLE,
    "sandbox/providers/protocol/server.ts": SANDBOX,
    "scripts/http/connection.ts": "the Unix socket that VAULT_ADDR or VAULT_AGENT_ADDR names",
    socks: KUBERNETES,
    "socks-proxy-agent": KUBERNETES,
  },
  tls: {
    "@grpc/grpc-js": SANDBOX,
    got: GOT,
    "http-proxy-agent": PROXY,
    "https-proxy-agent": PROXY,
    "scripts/http/host-check.ts": "it opens none: it checks a certificate for those that do",
    "scripts/stores/vault/tls.ts": "it opens none: it asks for the authorities that Node.js trusts",
    "socks-proxy-agent": KUBERNETES,
  },
  http: {
    "@azure/msal-node": AZURE,
    "@grpc/grpc-js": SANDBOX,
    "@kubernetes/client-node": KUBERNETES,
    "@smithy/core": AWS,
    "@smithy/credential-provider-imds": AWS,
    "@smithy/node-http-handler": AWS,
    "@typespec/ts-http-runtime": AZURE,
    "agent-base": PROXY,
    got: GOT,
    hpagent: KUBERNETES,
    "node-fetch": `${GOOGLE}; ${KUBERNETES}`,
    "sandbox/org/http-server.ts": SANDBOX,
    "scripts/http/connection.ts": "the Unix socket that VAULT_ADDR or VAULT_AGENT_ADDR names",
    "scripts/http/start-request.ts": GOT,
  },
  https: {
    "@kubernetes/client-node": KUBERNETES,
    "@smithy/node-http-handler": AWS,
    "@typespec/ts-http-runtime": AZURE,
    "agent-base": PROXY,
    gaxios: GOOGLE,
    "google-auth-library": GOOGLE,
    got: GOT,
    hpagent: KUBERNETES,
    "node-fetch": `${GOOGLE}; ${KUBERNETES}`,
    "scripts/http/start-request.ts": GOT,
    "scripts/stores/gcp-secretmanager/bounded-fetch.ts":
      "an agent that keeps Google's library from looking for one",
  },
  http2: { "@grpc/grpc-js": SANDBOX, "@smithy/node-http-handler": AWS },
  dns: { "@grpc/grpc-js": SANDBOX, "socks-proxy-agent": KUBERNETES },
  dgram: {},
  cluster: {},
  inspector: {},
};

/** Who may start a child, which could open anything. */
export const CHILDREN: Reasons = {
  "@aws-sdk/credential-provider-process": "a profile's credential_process",
  "@azure/identity": "az, azd and PowerShell, for a token",
  "@kubernetes/client-node": "a kubeconfig's exec plugin",
  commander: "subcommands that are programs of their own; there are none",
  "google-auth-library": "an executable that a credential file names",
  "sandbox/engine.ts": SANDBOX,
  "sandbox/run-process.ts": SANDBOX,
  "sandbox/shell.ts": SANDBOX,
  "scripts/audit/git.ts": "git, for genesys-secret audit --git",
  "scripts/cli/then-command.ts": "--then",
  "scripts/cli/run.ts": "genesys-secret run",
  "scripts/stores/command/store.ts": "command:",
  "scripts/stores/file-attributes.ts": "cp, for a file's ACL and extended attributes: it gets two paths",
  "scripts/stores/vault/token-helper.ts": "the token helper that Vault's own command is configured with",
};

/** Who names something global that connects; `evals` makes code of text. */
export const GLOBALS: Readonly<Record<string, Reasons>> = {
  fetch: {
    "@azure/msal-node": AZURE,
    "@kubernetes/client-node": KUBERNETES,
    "@octokit/request": "is given a fetch of ours: scripts/stores/github-actions/api.ts",
    "@protobufjs/fetch": SANDBOX,
    gaxios: GOOGLE,
    "google-auth-library": GOOGLE,
    "node-fetch": `${GOOGLE}; ${KUBERNETES}`,
    protobufjs: SANDBOX,
    "sandbox/providers/genesyscloud/http.ts": SANDBOX,
  },
  WebSocket: { "@kubernetes/client-node": KUBERNETES },
  XMLHttpRequest: { "@protobufjs/fetch": "not there in Node.js", libsodium: "not there in Node.js" },
  evals: {},
};

const DOCS = "documentation, named in a message or in a package's own description";

/**
 * Every host that a URL in the bundle names, as far as it is written there; `…` is put in at run time. Each pattern has
 * its reason, and is there because something fits it.
 */
export const HOSTS: readonly (readonly [RegExp, string])[] = [
  [/^(api|login)\.…$/, "Genesys Cloud: `api.` and `login.` of the region's domain"],
  [/^status\.mypurecloud\.com$/, "Genesys Cloud's status page, named in a message"],
  [/^127\.0\.0\.1$/, "this machine: the sandbox; @azure/identity: Azure Arc's agent"],
  [/^localhost$/, "this machine"],
  [/^(vault|server|proxy)\.example$/, "examples in messages"],
  [/^(api\.invalid|unix……)$/, "bases for parsing, never called"],
  [
    /^(|…|….…|……|\[…\]…)$/,
    "an address that is wholly put together at run time: a store's, a proxy's, an identity provider's",
  ],
  [/^(api\.github\.com|gitlab\.com)$/, "github-actions: and gitlab:, where no other server is named"],
  [/^api\.….ghe\.com$/, "github-actions:, of a tenant of ghe.com that GH_HOST names"],
  [/^(www\.githubstatus\.com|status\.gitlab\.com)$/, "status pages, named in messages"],
  [/^(vault\.azure\.net)$/, "azure-keyvault:, for whom its tokens are"],
  [
    /^login\.(microsoftonline\.(com|de|us)|chinacloudapi\.cn|windows-ppe\.net)$/,
    "Microsoft's client: its sign-in",
  ],
  [/^(secretmanager|….rep)\.googleapis\.com$/, "gcp-secretmanager:"],
  [
    /^(oauth2\.googleapis\.com|www\.googleapis\.com|www\.gstatic\.com|accounts\.google\.com|cloudresourcemanager\.(googleapis\.com|…)|iamcredentials\.…)$/,
    "Google's library: where its tokens come from, and what they are for",
  ],
  [
    /^(169\.254\.(169\.254|170\.2)…?|\[fd00|metadata\.google\.internal)$/,
    "the clouds' metadata services, within a machine of theirs",
  ],
  [/^(secretsmanager|ssm)(-fips)?\.…\.(amazonaws\.com(\.cn)?|…)$/, "aws-secretsmanager: and aws-ssm:"],
  [/^ssm\.amazonaws\.com$/, "the name of an XML namespace"],
  [
    /^(sts|oidc|portal\.sso|signin)(-fips)?\.(…\.(…|amazonaws\.com|api\.aws|api\.amazonwebservices\.com\.cn)|…|amazonaws(-us-gov)?\.com)$|^…\.(oauth\.)?signin(-fips)?\./,
    "the AWS SDK: where its credentials come from (sts. of Google's library, too)",
  ],
  [
    /^(github\.com|aka\.ms|a\.co|cloud\.google\.com|learn\.microsoft\.com|(docs\.)?aws\.amazon\.com|grpc\.io|react-native\.canny\.io|docs\.oasis-open\.org)$/,
    DOCS,
  ],
];
