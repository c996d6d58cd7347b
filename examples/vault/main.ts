import { App, LocalBackend, TerraformStack } from "cdktf";
import {
  GenesyscloudProvider,
  Rotation,
  SecretStore,
  SecureOAuthClient,
} from "cdktf-genesyscloud-secure-oauth-client";

const app = new App();
const stack = new TerraformStack(app, "genesys");
new LocalBackend(stack, { path: "../../../terraform.genesys.tfstate" });
new GenesyscloudProvider(stack, "genesyscloud", { gateway: [{}] });
new SecureOAuthClient(stack, "orders", {
  name: "orders-service",
  description: "Reads orders for the contact centre's agents",
  stores: [SecretStore.vault({ mount: "secret", path: "genesys/orders" })],
  rotation: Rotation.version("1"), // change it to rotate
});
app.synth();
