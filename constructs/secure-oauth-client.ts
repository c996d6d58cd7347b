import { Construct, type IConstruct } from "constructs";
import type { OauthClient } from "../.gen/providers/genesyscloud/oauth-client";
import type { ImportedOAuthClientProps, RegenerationProps, SecureOAuthClientProps } from "./client-props";
import { validateClient, validateImportedClient } from "./client-validation";
import { FleetManifest } from "./fleet-manifest";
import { addManagedClient } from "./managed-client";
import { addRegeneration } from "./regeneration";
import type { Runner } from "./runner";

/** What a client has in common whether the stack manages it or not. */
export interface ISecureOAuthClient extends IConstruct {
  /** Id of the client: a UUID, or a token that becomes one. */
  readonly clientId: string;
  /** The generated resource; absent for a client that the stack does not manage. */
  readonly client?: OauthClient;
  /**
   * The resource whose creation regenerates the secret, a null_resource unless `runner` says otherwise:
   * `terraform apply -replace` of it rotates at once, but not where it is unknown whether the stored secret is valid.
   */
  readonly regeneration: Runner;
  /** Where the secret is kept, as canonical URIs in the order of `stores`. */
  readonly storeUris: readonly string[];
}

/**
 * An OAuth client of Genesys Cloud whose secret Terraform never sees. The provider makes the client; then the program
 * that travels with the synthesized stack regenerates the secret it was born with, which is in nobody's hands after
 * that, and puts the new one straight into the stores. The stack gets a LeakGuard.
 *
 * The stack needs a GenesyscloudProvider; the machine that runs Terraform needs Node.js 20 or newer on its PATH and
 * the admin client in its environment.
 *
 * @example
 * new SecureOAuthClient(this, "orders", {
 *   name: "orders-service",
 *   roles: [{ roleId }],
 *   stores: [SecretStore.file("./secrets/orders.json")],
 *   rotation: Rotation.version("1"),
 * });
 */
export class SecureOAuthClient extends Construct implements ISecureOAuthClient {
  /**
   * A client that this stack does not manage: only its secret is regenerated and stored.
   * @throws {Error} when a prop breaks a rule; the message names the prop, the rule and what it got.
   */
  static fromClientId(scope: Construct, id: string, props: ImportedOAuthClientProps): ISecureOAuthClient {
    return new ImportedOAuthClient(scope, id, props);
  }

  readonly clientId: string;
  readonly client: OauthClient;
  readonly regeneration: Runner;
  readonly storeUris: readonly string[];

  /** @throws {Error} when a prop breaks a rule; the message names the prop, the rule and what it got. */
  constructor(scope: Construct, id: string, props: SecureOAuthClientProps) {
    super(scope, id);
    validateClient(this.node.path, props);
    this.client = addManagedClient(this, "client", props);
    this.clientId = this.client.id;
    this.storeUris = uris(props);
    this.regeneration = addRegeneration(this, [this.clientId], props);
    FleetManifest.of(this).add(this, { clients: [this.client] }, props);
  }
}

class ImportedOAuthClient extends Construct implements ISecureOAuthClient {
  readonly clientId: string;
  readonly client = undefined;
  readonly regeneration: Runner;
  readonly storeUris: readonly string[];

  constructor(scope: Construct, id: string, props: ImportedOAuthClientProps) {
    super(scope, id);
    validateImportedClient(this.node.path, props);
    this.clientId = props.clientId;
    this.storeUris = uris(props);
    this.regeneration = addRegeneration(this, [this.clientId], props);
    FleetManifest.of(this).add(this, { clientId: this.clientId }, props);
  }
}

function uris({ stores }: RegenerationProps): readonly string[] {
  return stores.map((store) => store.uri);
}
