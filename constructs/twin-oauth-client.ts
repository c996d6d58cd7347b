import { Construct } from "constructs";
import type { OauthClient } from "../.gen/providers/genesyscloud/oauth-client";
import type { SecureOAuthClientProps } from "./client-props";
import { validateTwins } from "./client-validation";
import { FleetManifest } from "./fleet-manifest";
import { addManagedClient } from "./managed-client";
import { addRegeneration } from "./regeneration";
import type { Runner } from "./runner";

/**
 * Two OAuth clients with the same rights that take turns, for rotation without downtime: Genesys Cloud ends a client's
 * old secret at once, so a rotation regenerates the idle one of the two, proves it, and has the stores show its id and
 * secret. The other keeps its secret until the next rotation, so that whoever holds it has that long to read the
 * stores again. What holds for a SecureOAuthClient holds for this, but for two things:
 *
 * - Whoever logs in takes the client id, too, from the store: it changes with each rotation.
 * - A rotation id is done once: `terraform apply -replace` finds that it is done. To rotate once more set another
 *   version, or GENESYS_SECRET_AGAIN=1 beside -replace; a secret that leaked is dead after two rotations.
 *
 * Every store holds the whole document, and one of them at least can be read back.
 *
 * @example
 * new TwinOAuthClient(this, "orders", {
 *   name: "orders-service", // in Genesys Cloud "orders-service (A)" and "orders-service (B)"
 *   roles: [{ roleId }],
 *   stores: [SecretStore.vault({ mount: "secret", path: "genesys/orders" })],
 *   rotation: Rotation.every(Duration.days(30)),
 * });
 */
export class TwinOAuthClient extends Construct {
  /** The generated resources. The first has the address that a SecureOAuthClient of this id would have, to become twins. */
  readonly clients: readonly [OauthClient, OauthClient];
  /** Ids of the two, as tokens. Which one is in use only the stores tell. */
  readonly clientIds: readonly [string, string];
  /** The null_resource whose creation rotates. */
  readonly regeneration: Runner;
  /** Where the secret is kept, as canonical URIs in the order of `stores`. */
  readonly storeUris: readonly string[];

  /** @throws {Error} when a prop breaks a rule; the message names the prop, the rule and what it got. */
  constructor(scope: Construct, id: string, props: SecureOAuthClientProps) {
    super(scope, id);
    validateTwins(this.node.path, props);
    this.clients = [
      addManagedClient(this, "client", props, `${props.name} (A)`),
      addManagedClient(this, "twin", props, `${props.name} (B)`),
    ];
    const [first, second] = this.clients;
    this.clientIds = [first.id, second.id];
    this.storeUris = props.stores.map(({ uri }) => uri);
    this.regeneration = addRegeneration(this, this.clientIds, props);
    FleetManifest.of(this).add(this, { clients: this.clients }, props);
  }
}
