import { App, LocalBackend, TerraformStack, TerraformVariable } from "cdktf";
import { GenesyscloudProvider, SecretStore, SecureOAuthClient } from "cdktf-genesyscloud-secure-oauth-client";

const app = new App();
const stack = new TerraformStack(app, "orgs");
new LocalBackend(stack, { path: "../../../terraform.genesys.tfstate" });

const orgs = {
  acme: { region: "eu-central-1", prefix: "ACME" },
  umbrella: { region: "us-west-2", prefix: "UMBRELLA" },
};
for (const [org, { region, prefix }] of Object.entries(orgs)) {
  // Ephemeral: Terraform takes it from TF_VAR_…, and it is neither in the plan nor in the state.
  const variable = (name: string) => {
    const input = new TerraformVariable(stack, `${org}_${name}`, { type: "string" });
    input.addOverride("ephemeral", true);
    return input.stringValue;
  };
  const provider = new GenesyscloudProvider(stack, org, {
    alias: org,
    awsRegion: region,
    oauthclientId: variable("admin_id"),
    oauthclientSecret: variable("admin_secret"),
    gateway: [{}],
  });
  new SecureOAuthClient(stack, `${org}-orders`, {
    name: "orders-service",
    provider,
    region,
    // The program takes the same admin client out of these two.
    adminCredentials: {
      clientIdVariable: `${prefix}_OAUTHCLIENT_ID`,
      clientSecretVariable: `${prefix}_OAUTHCLIENT_SECRET`,
    },
    stores: [SecretStore.vault({ mount: "secret", path: `genesys/${org}/orders` })],
  });
}
app.synth();
