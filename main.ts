import { App, TerraformStack } from "cdktf";
import { GenesyscloudProvider, Rotation, SecureOAuthClient } from "./constructs";
import { type Environment, environments } from "./environments";
import { parseRegion } from "./scripts/core/regions";

/** One environment: its org's provider, its state and its clients. */
class EnvironmentStack extends TerraformStack {
  constructor(app: App, environment: Environment) {
    super(app, environment.name);
    environment.backend(this);
    new GenesyscloudProvider(this, "genesyscloud", {
      awsRegion: environment.region && parseRegion(environment.region).name,
      // GENESYSCLOUD_GATEWAY_* take effect only if there is a block for them; without them an empty one is harmless.
      gateway: [{}],
    });
    // cdktf.json, "context": another version there gives every client that has no rotation of its own a new secret.
    const rotation = Rotation.version(String(this.node.getContext("rotation")));
    for (const [id, client] of Object.entries(environment.clients)) {
      new SecureOAuthClient(this, id, { rotation, region: environment.region, ...client });
    }
  }
}

const app = new App();
for (const environment of environments) new EnvironmentStack(app, environment);
app.synth();
