import { App, LocalBackend, TerraformStack } from "cdktf";
import {
  Duration,
  GenesyscloudProvider,
  Rotation,
  SecretStore,
  SecureOAuthClient,
} from "cdktf-genesyscloud-secure-oauth-client";

const SERVICES = ["billing", "orders", "shipping"];

const app = new App();
const stack = new TerraformStack(app, "genesys");
new LocalBackend(stack, { path: "../../../terraform.genesys.tfstate" });
new GenesyscloudProvider(stack, "genesyscloud", { gateway: [{}] });
for (const service of SERVICES)
  new SecureOAuthClient(stack, service, {
    name: `${service}-service`,
    stores: [SecretStore.file(`./secrets/${service}.json`)],
    rotation: Rotation.every(Duration.days(30), { startingAt: "2026-01-01T00:00:00Z" }),
  });
app.synth();
