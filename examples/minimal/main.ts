import { App, LocalBackend, TerraformStack } from "cdktf";
import { GenesyscloudProvider, SecretStore, SecureOAuthClient } from "cdktf-genesyscloud-secure-oauth-client";

const app = new App();
const stack = new TerraformStack(app, "genesys");
new LocalBackend(stack, { path: "../../../terraform.genesys.tfstate" });
new GenesyscloudProvider(stack, "genesyscloud", { gateway: [{}] });
new SecureOAuthClient(stack, "orders", {
  name: "orders-service",
  stores: [SecretStore.file("./secrets/orders.json")],
});
app.synth();
