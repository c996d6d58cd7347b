import { App, S3Backend, TerraformStack } from "cdktf";
import {
  GenesyscloudProvider,
  Rotation,
  SecretStore,
  SecureOAuthClient,
} from "cdktf-genesyscloud-secure-oauth-client";

const app = new App();
const stack = new TerraformStack(app, "genesys");
new S3Backend(stack, { bucket: "acme-terraform", key: "genesys.tfstate", region: "eu-central-1" });
new GenesyscloudProvider(stack, "genesyscloud", { gateway: [{}] });
new SecureOAuthClient(stack, "orders", {
  name: "orders-service",
  stores: [
    SecretStore.awsSecretsManager({
      secret: "genesys/orders",
      region: "eu-central-1",
      create: { tags: { team: "contact-centre" } },
    }),
    SecretStore.awsSsm({ parameter: "/genesys/orders", region: "eu-central-1", create: {} }),
  ],
  rotation: Rotation.version("1"),
});
app.synth();
