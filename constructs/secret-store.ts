import { harmlessJson } from "../scripts/core/printable";
import { formatFileUri } from "../scripts/stores/file/grammar";
import { refusalUnderTerraform } from "../scripts/stores/traits";
import { parseStoreUri, type StoreUri, StoreUriError } from "../scripts/stores/uri";
import {
  type AwsSecretsManagerStoreProps,
  type AwsSsmStoreProps,
  secretsManagerUri,
  ssmUri,
} from "./aws-stores";
import { Duration } from "./duration";
import { assertTexts, describe, listed } from "./invalid";
import { holdsHandWritten, jsonWords, NO_TEMPLATE } from "./template-text";
import { isUnresolved } from "./unresolved";
import type { VaultAuth } from "./vault-auth";

/** How `SecretStore.command` runs its program. */
export interface CommandStoreOptions {
  /**
   * Names of environment variables the program gets to see besides the harmless ones, such as `["GH_TOKEN"]`.
   * @default - none: credentials do not reach it
   */
  readonly env?: readonly string[];
  /**
   * Whether what the program prints shows in the apply output, with the secret masked.
   * @default false
   */
  readonly showOutput?: boolean;
  /**
   * When the program counts as hung and is stopped: 1 to 600 seconds.
   * @default Duration.seconds(60)
   */
  readonly timeout?: Duration;
}

/** An entry of a KV version 2 secrets engine for `SecretStore.vault`. */
export interface VaultStoreProps {
  /** Where the secrets engine is mounted, such as "secret"; slashes are fine. */
  readonly mount: string;
  /** Path of the entry below it, without the "data/" of the API: "genesys/orders". */
  readonly path: string;
  /**
   * How the program logs in.
   * @default - VAULT_TOKEN, a token helper or `~/.vault-token`; AppRole when only VAULT_ROLE_ID and VAULT_SECRET_ID are set
   */
  readonly auth?: VaultAuth;
  /**
   * The field that holds the secret.
   * @default "client_secret"
   */
  readonly field?: string;
}

/** The Secret that `SecretStore.kubernetes` writes. */
export interface KubernetesStoreProps {
  /** Namespace of the Secret; it has to exist. */
  readonly namespace: string;
  /** Name of the Secret. */
  readonly name: string;
  /**
   * Context of the kubeconfig on the machine that runs Terraform.
   * @default - its current one, or the pod's own service account
   */
  readonly context?: string;
  /**
   * Takes over keys that another field manager owns, such as those of a Secret made by `kubectl create`.
   * @default false
   */
  readonly force?: boolean;
  /**
   * The key that holds the client's id.
   * @default "client_id"
   */
  readonly clientIdKey?: string;
  /**
   * The key that holds the secret.
   * @default "client_secret"
   */
  readonly clientSecretKey?: string;
}

/** The secret of GitHub Actions that `SecretStore.githubActions` writes. */
export interface GithubActionsStoreProps {
  /** The user or organization that owns the repository. */
  readonly owner: string;
  /** Name of the repository, without its owner. */
  readonly repository: string;
  /** Name of the secret: letters, digits and underscores. */
  readonly name: string;
  /**
   * The environment of the repository whose secret it is.
   * @default - none: the secret is the repository's
   */
  readonly environment?: string;
  /**
   * Whether it is the secret of the organization that owns the repository. A new one is visible to this repository
   * only; an existing one keeps its visibility, and a selection gains this repository.
   * @default false
   */
  readonly organization?: boolean;
}

/**
 * The CI/CD variable that `SecretStore.gitlab` writes. A new one is masked, raw, and protected unless said otherwise; one
 * that is there keeps its settings, but is unprotected where `protected` is false.
 */
export interface GitlabStoreProps {
  /** Path or id of the project; of the group, with `group`. */
  readonly path: string;
  /** Name of the variable: letters, digits and underscores. */
  readonly key: string;
  /**
   * Whether the path is a group's.
   * @default false
   */
  readonly group?: boolean;
  /**
   * Whether only jobs of protected branches and tags get it.
   * @default - true of a new one; one that is there keeps its own
   */
  readonly protected?: boolean;
  /**
   * The environments that get it, such as "production" or "review/*".
   * @default "*"
   */
  readonly environmentScope?: string;
}

/** The secret that `SecretStore.azureKeyVault` writes. */
export interface AzureKeyVaultStoreProps {
  /** Name of the vault, the first part of its address. */
  readonly vault: string;
  /** Name of the secret. */
  readonly name: string;
  /**
   * What follows the vault's name in the addresses of a sovereign cloud, such as "vault.azure.cn".
   * @default "vault.azure.net"
   */
  readonly suffix?: string;
  /**
   * Stores the bare value of this field of the document, such as "client_secret". It cannot be read back then.
   * @default - the whole JSON document
   */
  readonly field?: string;
}

/** The secret that `SecretStore.gcpSecretManager` writes. */
export interface GcpSecretManagerStoreProps {
  /** Id or number of the project. */
  readonly project: string;
  /** Name of the secret. */
  readonly secret: string;
  /**
   * The region of a regional secret, such as "europe-west1".
   * @default - a secret of all regions
   */
  readonly location?: string;
  /**
   * Creates the secret where it does not exist; an array names the regions to keep one of all regions in.
   * @default false
   */
  readonly create?: boolean | readonly string[];
  /**
   * Disables the version that was current before.
   * @default false
   */
  readonly disablePrevious?: boolean;
  /**
   * Stores the bare value of this field of the document, such as "client_secret". It cannot be read back then.
   * @default - the whole JSON document
   */
  readonly field?: string;
}

/** Where a secret is kept. It says only where to find the secret; no credential of a store passes through here. */
export class SecretStore {
  /**
   * A JSON document in a file, of mode 0600 where it is new, on the machine that runs Terraform.
   * @param path Absolute, in the home folder ("~/secrets/orders.json"), or relative to the project's folder
   * ("./secrets/orders.json", also without the dot). Forward slashes.
   * @throws {Error} when the path is empty or names a folder.
   */
  static file(path: string): SecretStore {
    assertTexts("SecretStore.file()", { path });
    if (isUnresolved(path)) return new SecretStore(`file:${path}`);
    const rooted = /^(\/|~\/|\.{1,2}\/|[A-Za-z]:[\\/])/.test(path);
    return SecretStore.fromUri(formatFileUri(rooted || path === "" ? path : `./${path}`));
  }

  /**
   * A program that gets the secret on its standard input. It cannot be read back: its exit code 0 counts.
   * @param argv The program and its arguments, such as `["gh", "secret", "set", "NAME"]`. No shell, no secret in it.
   * @throws {Error} when it is empty, its first word is, or an option is out of bounds.
   */
  static command(argv: readonly string[], options: CommandStoreOptions = {}): SecretStore {
    if (!Array.isArray(argv))
      throw new Error(`SecretStore.command() must have a list of words, got ${describe(argv)}.`);
    if (typeof options !== "object" || options === null || !Array.isArray(options.env ?? []))
      throw new Error(
        `SecretStore.command() must have options such as { env: ["NAME"] }, got ${describe(options)}.`,
      );
    assertTexts("SecretStore.command()", { ...listed("argv", argv), ...listed("env", options.env ?? []) });
    const word = argv.find(holdsHandWritten);
    if (word !== undefined)
      throw new Error(`SecretStore.command() must ${NO_TEMPLATE} in its words, got ${describe(word)}.`);
    const query = new URLSearchParams();
    if (options.env?.length) query.set("env", options.env.join(","));
    if (options.showOutput) query.set("output", "show");
    if (options.timeout) query.set("timeout", String(timeoutSeconds(options.timeout)));
    const words = argv.some(isUnresolved) ? jsonWords(argv) : harmlessJson(argv);
    return SecretStore.fromUri(`command:${words}${query.size ? `?${query}` : ""}`);
  }

  /**
   * An entry of HashiCorp Vault's or OpenBao's KV version 2. Where the server is stands in VAULT_ADDR or
   * VAULT_AGENT_ADDR, on the machine that runs Terraform.
   * @throws {Error} when the mount or the path is empty or ends in a slash, or an option is a token.
   */
  static vault({ mount, path, auth, field }: VaultStoreProps): SecretStore {
    const authOptions = { ...auth?.options };
    assertTexts("SecretStore.vault()", { mount, path }, { field, ...authOptions });
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries({ ...auth?.options, field })) {
      if (isUnresolved(value)) throw new Error(`SecretStore.vault() takes no token for ${name}.`);
      if (value !== undefined) query.set(name, value);
    }
    const encodedMount = isUnresolved(mount) ? mount : encodeURIComponent(mount);
    const encodedPath = isUnresolved(path) ? path : path.split("/").map(encodeURIComponent).join("/");
    return SecretStore.fromUri(`vault:${encodedMount}/${encodedPath}${query.size ? `?${query}` : ""}`);
  }

  /**
   * The keys `client_id`, `client_secret` and so on of a Kubernetes Secret; other keys of the same Secret are kept. A
   * Secret that is immutable, or that a controller owns, is refused.
   * @throws {Error} when the namespace or the name is not one of Kubernetes, or an option is a token.
   */
  static kubernetes(props: KubernetesStoreProps): SecretStore {
    const { namespace, name, context, force, clientIdKey, clientSecretKey } = props;
    const options = { context, client_id_key: clientIdKey, client_secret_key: clientSecretKey };
    assertTexts("SecretStore.kubernetes()", { namespace, name }, { context, clientIdKey, clientSecretKey });
    const query = new URLSearchParams();
    for (const [option, value] of Object.entries(options)) {
      if (isUnresolved(value)) throw new Error(`SecretStore.kubernetes() takes no token for ${option}.`);
      if (value) query.set(option, value);
    }
    if (force) query.set("force", "true");
    return SecretStore.fromUri(`kubernetes:${namespace}/${name}${query.size ? `?${query}` : ""}`);
  }

  /**
   * A secret of GitHub Actions. It cannot be read back. The token stands in GH_TOKEN or GITHUB_TOKEN, on the machine
   * that runs Terraform; for a server that GH_HOST names, in GH_ENTERPRISE_TOKEN.
   * @throws {Error} when a name is not one of GitHub, both an environment and the organization are named, or the
   * environment is a token.
   */
  static githubActions(props: GithubActionsStoreProps): SecretStore {
    const { owner, repository, name, environment, organization } = props;
    assertTexts("SecretStore.githubActions()", { owner, repository, name }, { environment });
    if (isUnresolved(environment))
      throw new Error("SecretStore.githubActions() takes no token for environment.");
    if (environment !== undefined && organization)
      throw new Error("SecretStore.githubActions() takes an environment or the organization, not both.");
    if (organization && isUnresolved(owner))
      throw new Error("SecretStore.githubActions() takes no token for owner with organization.");
    const query = new URLSearchParams({
      ...(environment !== undefined && { environment }),
      ...(organization && { organization: owner }),
    });
    return SecretStore.fromUri(
      `github-actions:${owner}/${repository}/${name}${query.size ? `?${query}` : ""}`,
    );
  }

  /**
   * A CI/CD variable of GitLab. It cannot be read back. The token stands in GITLAB_TOKEN and the server in GITLAB_URL or
   * GITLAB_HOST, on the machine that runs Terraform.
   * @throws {Error} when the path or the key is not one of GitLab, or the scope is a token.
   */
  static gitlab(props: GitlabStoreProps): SecretStore {
    const { path, key, group, environmentScope } = props;
    assertTexts("SecretStore.gitlab()", { path, key }, { environmentScope });
    if (isUnresolved(environmentScope))
      throw new Error("SecretStore.gitlab() takes no token for environmentScope.");
    const query = new URLSearchParams({
      ...(group && { group: "true" }),
      ...(props.protected === false && { protected: "false" }),
      ...(environmentScope !== undefined && { environment_scope: environmentScope }),
    });
    const encoded = isUnresolved(path) ? path : encodeURIComponent(path);
    return SecretStore.fromUri(`gitlab:${encoded}/${key}${query.size ? `?${query}` : ""}`);
  }

  /**
   * The integration credential of the same org that logs in as this client; without it, regenerating breaks the
   * integration. It cannot be read back.
   * @param id Of a credential of the type pureCloudOAuthClient.
   * @throws {Error} when it is no id.
   */
  static genesysCredential(id: string): SecretStore {
    assertTexts("SecretStore.genesysCredential()", { id });
    return SecretStore.fromUri(`genesys-credential:${id}`);
  }

  /**
   * A secret of AWS Secrets Manager. The new version becomes AWSCURRENT after a login with it was tried, unless that
   * shows it to be invalid; a bare value does at once.
   * @throws {Error} when the name, the ARN or a tag is not one of AWS.
   */
  static awsSecretsManager(props: AwsSecretsManagerStoreProps): SecretStore {
    return SecretStore.fromUri(secretsManagerUri(props));
  }

  /**
   * A SecureString of the AWS Systems Manager Parameter Store.
   * @throws {Error} when the name or a tag is not one of AWS.
   */
  static awsSsm(props: AwsSsmStoreProps): SecretStore {
    return SecretStore.fromUri(ssmUri(props));
  }

  /**
   * A secret of Azure Key Vault, its value a JSON document; other fields of the same document are kept.
   * @throws {Error} when the vault's or the secret's name is not one of Azure, or the suffix or the field is a token.
   */
  static azureKeyVault({ vault, name, suffix, field }: AzureKeyVaultStoreProps): SecretStore {
    assertTexts("SecretStore.azureKeyVault()", { vault, name }, { suffix, field });
    if (isUnresolved(suffix)) throw new Error("SecretStore.azureKeyVault() takes no token for suffix.");
    if (isUnresolved(field)) throw new Error("SecretStore.azureKeyVault() takes no token for field.");
    const query = new URLSearchParams({
      ...(suffix !== undefined && { suffix }),
      ...(field !== undefined && { field }),
    });
    return SecretStore.fromUri(`azure-keyvault:${vault}/${name}${query.size ? `?${query}` : ""}`);
  }

  /**
   * A secret of Google Cloud Secret Manager, its latest version a JSON document; other fields of it are kept.
   * @throws {Error} when the project, the name or the location is not one of Google Cloud, regions are named for a
   * regional secret, or a region of `create` or the field is a token.
   */
  static gcpSecretManager(props: GcpSecretManagerStoreProps): SecretStore {
    const regions = Array.isArray(props.create) ? props.create : [];
    const { project, secret, location, field } = props;
    const texts = { project, secret, ...listed("create", regions) };
    assertTexts("SecretStore.gcpSecretManager()", texts, { location, field });
    const locations = regions.join(",");
    if (isUnresolved(locations)) throw new Error("SecretStore.gcpSecretManager() takes no token for create.");
    if (isUnresolved(field)) throw new Error("SecretStore.gcpSecretManager() takes no token for field.");
    if (location !== undefined && locations !== "")
      throw new Error(
        "SecretStore.gcpSecretManager() takes a location or regions to create it in, not both.",
      );
    const query = new URLSearchParams({
      ...(props.create && { create: "true" }),
      ...(props.disablePrevious && { disable_previous: "true" }),
      ...(locations !== "" && { locations }),
      ...(field !== undefined && { field }),
    });
    const place = `projects/${project}${location === undefined ? "" : `/locations/${location}`}`;
    const uri = `gcp-secretmanager:${place}/secrets/${secret}`;
    return SecretStore.fromUri(query.size ? `${uri}?${query}` : uri);
  }

  /**
   * Any store, by its URI: the same text that `genesys-secret --store` takes.
   * @throws {Error} when it does not fit the grammar, or when it is a store that Terraform's output would betray.
   */
  static fromUri(uri: string): SecretStore {
    assertTexts("SecretStore.fromUri()", { uri });
    if (isUnresolved(uri)) return new SecretStore(uri);
    const parsed = parse(uri);
    const refusal = refusalUnderTerraform(parsed);
    if (refusal) throw new Error(`The store ${parsed.text} cannot be used in a stack: ${refusal}.`);
    return new SecretStore(parsed.text);
  }

  private constructor(
    /** The store's URI in its canonical form; it may hold a token. */
    readonly uri: string,
  ) {}

  /** The store's URI. */
  toString(): string {
    return this.uri;
  }
}

function parse(uri: string): StoreUri {
  try {
    return parseStoreUri(uri);
  } catch (error) {
    // The program's error carries advice for its command line, which would mislead whoever reads it at synth.
    throw error instanceof StoreUriError ? new Error(error.message) : error;
  }
}

function timeoutSeconds(timeout: Duration): number {
  const seconds = timeout instanceof Duration ? timeout.toSeconds() : Number.NaN;
  // A token is refused, too: it cannot be written into a URI.
  if (!(seconds >= 1 && seconds <= 600)) {
    throw new Error(
      `SecretStore.command() must have a timeout of 1 to 600 seconds, got ${timeout instanceof Duration ? timeout : describe(timeout)}.`,
    );
  }
  return seconds;
}
