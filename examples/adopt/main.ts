import { App, LocalBackend, TerraformStack } from "cdktf";
import { Rotation, SecretStore, SecureOAuthClient } from "cdktf-genesyscloud-secure-oauth-client";

const app = new App();
const stack = new TerraformStack(app, "legacy");
new LocalBackend(stack, { path: "../../../terraform.genesys.tfstate" });
SecureOAuthClient.fromClientId(stack, "billing", {
  clientId: process.env.BILLING_CLIENT_ID ?? "7736a47e-c449-47cb-9445-4cc99706b895",
  stores: [SecretStore.file("./secrets/billing.json")],
  rotation: Rotation.version("1"),
  onDestroy: "remove",
});
app.synth();
