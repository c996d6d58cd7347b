import type { TerraformProvider } from "cdktf";
import type { Duration } from "./duration";
import type { Rotation } from "./rotation";
import type { SecretStore } from "./secret-store";

/**
 * The grants whose clients have a secret that can be rotated and then proven to work. One client has one grant: who
 * needs two makes two clients.
 */
export type GrantType = "CLIENT-CREDENTIALS" | "CODE";

/** A role of a client, in one division. */
export interface OAuthClientRole {
  /** Id of the role. The admin client must hold the role, too. */
  readonly roleId: string;
  /**
   * Id of the division the role holds in, or "*" for all.
   * @default - the org's home division
   */
  readonly divisionId?: string;
}

/** Names of the environment variables that hold an org's admin client. Names only: no value passes through here. */
export interface AdminCredentials {
  /** Name of the variable with the admin client's id, such as "ACME_OAUTHCLIENT_ID". */
  readonly clientIdVariable: string;
  /** Name of the variable with the admin client's secret, such as "ACME_OAUTHCLIENT_SECRET". */
  readonly clientSecretVariable: string;
}

/** Where and when a client's secret is regenerated. */
export interface RegenerationProps {
  /** Where the secret goes: at least one store, and none that another client writes. */
  readonly stores: readonly SecretStore[];
  /**
   * When the client gets a new secret.
   * @default Rotation.onClientChange()
   */
  readonly rotation?: Rotation;
  /**
   * The org's region: AWS name ("eu-central-1") or domain ("mypurecloud.de").
   * @default - GENESYSCLOUD_REGION or GENESYS_CLOUD_REGION where Terraform runs, else us-east-1
   */
  readonly region?: string;
  /**
   * For stacks with several orgs: which environment variables hold this org's admin client.
   * @default - GENESYSCLOUD_OAUTHCLIENT_ID and _SECRET, GENESYS_CLOUD_CLIENT_ID and _SECRET or GENESYSCLOUD_ACCESS_TOKEN
   */
  readonly adminCredentials?: AdminCredentials;
  /**
   * A command that runs after each rotation, such as `["kubectl", "rollout", "restart", "deployment/orders"]`, to
   * restart or notify whoever holds the old secret. No shell; no secret and no credential in its environment; its
   * failing is a warning, for the rotation is done.
   * @default - none
   */
  readonly then?: readonly string[];
  /**
   * Whether the machine that runs Terraform must see the new secret log in ("here"), or must not try to ("elsewhere",
   * for one whose address is on no allow list of the client). Where neither is said it tries, and that the login
   * service denies this machine is a warning. Twins need "elsewhere" on such a machine. To change it rotates nothing.
   * @default - it tries, and a denial is a warning
   */
  readonly verify?: "here" | "elsewhere";
  /**
   * What becomes of the stored document when the client is destroyed. "remove" takes it out of stores that can; it
   * needs the construct to be still in the stack, as Terraform runs nothing for a block that has left the
   * configuration: `genesys-secret doctor` names what is left then.
   * @default "keep"
   */
  readonly onDestroy?: "keep" | "remove";
  /**
   * Id of another client whose document in these stores may be replaced, though its secret may be valid and this the
   * only copy: for stores that change hands. A document that this construct wrote before, for a client that it had
   * then, needs no leave.
   * @default - such a document stays, and the apply fails before it changes anything
   */
  readonly takeOver?: string;
  /**
   * Type of the resource that runs the program. "terraform_data" is built into the engine, so that the stack needs no
   * null provider; it takes Terraform 1.9 or newer. To change an existing client to it rotates nothing. There is no
   * way back without a rotation: Terraform would make a new null_resource.
   * @default "null_resource"
   */
  readonly runner?: "null_resource" | "terraform_data";
}

/** What of Terraform's `lifecycle` a client may have. */
export interface OAuthClientLifecycle {
  /**
   * Whether Terraform refuses to destroy the client.
   * @default false
   */
  readonly preventDestroy?: boolean;
  /**
   * Whether a replacement is made before what it replaces is destroyed.
   * @default false
   */
  readonly createBeforeDestroy?: boolean;
  /**
   * Attributes whose changes outside of Terraform it leaves alone, or "all".
   * @default - none
   */
  readonly ignoreChanges?: string[] | "all";
}

/** A client that the stack manages. */
export interface SecureOAuthClientProps extends RegenerationProps {
  /** Name of the client in Genesys Cloud. Names need not be unique there, but a unique one is easier to find. */
  readonly name: string;
  /**
   * What the client is for.
   * @default - none
   */
  readonly description?: string;
  /**
   * How the client logs in.
   * @default "CLIENT-CREDENTIALS"
   */
  readonly grantType?: GrantType;
  /**
   * What the client may do. Only with CLIENT-CREDENTIALS.
   * @default - none: the client logs in, and may do nothing
   */
  readonly roles?: readonly OAuthClientRole[];
  /**
   * What the client may ask for on a user's behalf, such as "users:readonly". Only with CODE.
   * @default - none
   */
  readonly scopes?: readonly string[];
  /**
   * Absolute URLs that a login may send the user back to. Only with CODE, which needs at least one.
   * @default - none
   */
  readonly redirectUris?: readonly string[];
  /**
   * Lifetime of the client's access tokens: 300 to 38,880,000 seconds (450 days). More than two days are only for
   * clients that use Genesys Cloud SCIM.
   * @default - the provider's: 86,400 seconds (one day)
   */
  readonly accessTokenValidity?: Duration;
  /**
   * How Terraform treats the client: `preventDestroy`, `createBeforeDestroy`, `ignoreChanges`.
   * @default - Terraform's own treatment
   */
  readonly lifecycle?: OAuthClientLifecycle;
  /**
   * The Genesys Cloud provider that manages the client. Set it, `region` and `adminCredentials` together: the
   * program that regenerates the secret does not see the provider's configuration.
   * @default - the stack's provider without an alias
   */
  readonly provider?: TerraformProvider;
}

/** A client that the stack does not manage. */
export interface ImportedOAuthClientProps extends RegenerationProps {
  /** Id of the client: a UUID, or a token. Not its name. */
  readonly clientId: string;
}
