import { App, LocalBackend, TerraformStack } from "cdktf";
import {
  GenesyscloudProvider,
  Rotation,
  SecretStore,
  TwinOAuthClient,
} from "cdktf-genesyscloud-secure-oauth-client";

const app = new App();
const stack = new TerraformStack(app, "genesys");
new LocalBackend(stack, { path: "../../../terraform.genesys.tfstate" });
new GenesyscloudProvider(stack, "genesyscloud", { gateway: [{}] });
new TwinOAuthClient(stack, "orders", {
  name: "orders-service",
  stores: [SecretStore.file("./secrets/orders.json")],
  rotation: Rotation.version(process.env.ROTATION ?? "1"),
});
app.synth();
