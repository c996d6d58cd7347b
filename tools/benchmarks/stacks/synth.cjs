// `node synth.cjs secure|raw|bare COUNT`: synthesizes that many clients, as SecureOAuthClients; as the two resources that
// each of them becomes, written out by hand; or as these with a local-exec that does nothing.
const { App, LocalBackend, TerraformStack } = require("cdktf");
const { Resource } = require("@cdktf/provider-null/lib/resource");
const { NullProvider } = require("@cdktf/provider-null/lib/provider");
const ours = require("../../../dist/constructs");

const [kind, count] = process.argv.slice(2);
const app = new App();
const stack = new TerraformStack(app, "bench");
new LocalBackend(stack, { path: "../../../terraform.tfstate" });
new ours.GenesyscloudProvider(stack, "genesyscloud", { gateway: [{}] });
if (kind !== "secure") new NullProvider(stack, "null");
for (let at = 0; at < Number(count); at++) {
  const name = `client-${at}`;
  if (kind === "secure") {
    const stores = [ours.SecretStore.file(`./secrets/${name}.json`)];
    new ours.SecureOAuthClient(stack, name, { name, stores, rotation: ours.Rotation.version("1") });
  } else {
    const client = new ours.OauthClient(stack, name, { name, authorizedGrantType: "CLIENT-CREDENTIALS" });
    new Resource(stack, `${name}-exec`, {
      triggers: { client_id: client.id, stores: `file:./secrets/${name}.json`, rotation: "version:1" },
      provisioners: [
        {
          type: "local-exec",
          command: kind === "bare" ? "true" : "node program/genesys-secret.cjs regenerate || exit",
          environment: {
            GENESYS_SECRET_UNDER_TERRAFORM: "1",
            NODE_DEBUG: "",
            NODE_OPTIONS: "",
            SECRET_ROTATION: "version:1",
            SECRET_STORES: `file:../../../secrets/${name}.json`,
            TARGET_CLIENT_ID: client.id,
          },
        },
      ],
    });
  }
}
app.synth();
