import { App, HttpBackend, TerraformStack } from "cdktf";
import {
  GenesyscloudProvider,
  Rotation,
  SecretStore,
  SecureOAuthClient,
} from "cdktf-genesyscloud-secure-oauth-client";

/** One stack an environment: its region, its state, its clients' stores. */
const environments = {
  dev: { region: "eu-central-1", rotation: "2" },
  prod: { region: "us-east-1", rotation: "1" },
};

const app = new App();
for (const [name, { region, rotation }] of Object.entries(environments)) {
  const stack = new TerraformStack(app, name);
  new HttpBackend(stack, { address: `https://state.acme.example/genesys/${name}` });
  new GenesyscloudProvider(stack, "genesyscloud", { awsRegion: region, gateway: [{}] });
  new SecureOAuthClient(stack, "orders", {
    name: `orders-service-${name}`,
    region,
    stores: [SecretStore.vault({ mount: "secret", path: `genesys/${name}/orders` })],
    rotation: Rotation.version(rotation),
  });
}
app.synth();
