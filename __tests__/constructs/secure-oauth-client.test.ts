import { TerraformOutput, TerraformVariable } from "cdktf";
import {
  Duration,
  GenesyscloudProvider,
  OauthClient,
  Rotation,
  SecretStore,
  SecureOAuthClient,
} from "../../constructs";
import { localExec, newStack, only, synth, template } from "./synth";

const CLIENT_ID = "5f0b1d2c-3e4f-4a5b-8c6d-7e8f9a0b1c2d";

test("the least that can be set makes a client, and what regenerates its secret", () => {
  const stack = newStack();
  const orders = new SecureOAuthClient(stack, "orders", {
    name: "orders-service",
    stores: [SecretStore.file("./secrets/orders.json")],
  });

  new TerraformOutput(stack, "client_id", { value: orders.clientId });
  new TerraformOutput(stack, "regeneration", { value: orders.regeneration.id });

  const document = synth(stack);

  const [id] = Object.keys(document.resource.genesyscloud_oauth_client);
  expect(only(document, "genesyscloud_oauth_client")).toEqual({
    authorized_grant_type: "CLIENT-CREDENTIALS",
    name: "orders-service",
  });
  expect(only(document, "null_resource")).toEqual({
    triggers: {
      client_id: template(`genesyscloud_oauth_client.${id}.id`),
      stores: "file:./secrets/orders.json",
      rotation: "on-client-change",
    },
    provisioner: [expect.anything()],
  });
  expect(localExec(document)).toEqual({
    command: expect.stringMatching(
      /^echo Starting genesys-secret, which needs Node\.js 20 or newer on the PATH && node assets\/genesys-secret\/[0-9a-f]{32}\/genesys-secret\.cjs regenerate \|\| exit$/,
    ),
    environment: {
      TARGET_CLIENT_ID: template(`genesyscloud_oauth_client.${id}.id`),
      SECRET_STORES: "file:../../../secrets/orders.json",
      SECRET_OWNER: `terraform:${template("terraform.workspace")}:dev/orders`,
      SECRET_ROTATION: "on-client-change",
      SECRET_RUNNER_ID: template("self.id"),
      GENESYS_SECRET_UNDER_TERRAFORM: "1",
      NODE_OPTIONS: "",
      NODE_DEBUG: "",
    },
    working_dir: template("path.module"),
  });
  expect(orders.client).toBeInstanceOf(OauthClient);
  expect(document.output.client_id.value).toBe(template(`genesyscloud_oauth_client.${id}.id`));
  expect(document.output.regeneration.value).toMatch(/^\$\{null_resource\.orders_regeneration_\w+\.id\}$/);
  expect(orders.storeUris).toEqual(["file:./secrets/orders.json"]);
});

test("everything that a CLIENT-CREDENTIALS client can have set reaches the document", () => {
  const stack = newStack();
  const provider = new GenesyscloudProvider(stack, "acme", { alias: "acme", awsRegion: "eu-central-1" });
  new SecureOAuthClient(stack, "orders", {
    name: "orders-service",
    description: "Reads orders",
    grantType: "CLIENT-CREDENTIALS",
    roles: [{ roleId: "role-1" }, { roleId: "role-2", divisionId: "*" }],
    accessTokenValidity: Duration.hours(2),
    lifecycle: { preventDestroy: true, createBeforeDestroy: true, ignoreChanges: ["description"] },
    provider,
    stores: [SecretStore.command(["gh", "secret", "set", "X"]), SecretStore.file("/etc/orders.json")],
    rotation: Rotation.version("2026-07"),
    region: "mypurecloud.de",
    adminCredentials: { clientIdVariable: "ACME_ID", clientSecretVariable: "ACME_SECRET" },
  });

  const document = synth(stack);

  expect(only(document, "genesyscloud_oauth_client")).toEqual({
    access_token_validity_seconds: 7200,
    authorized_grant_type: "CLIENT-CREDENTIALS",
    description: "Reads orders",
    lifecycle: { create_before_destroy: true, ignore_changes: ["description"], prevent_destroy: true },
    name: "orders-service",
    provider: "genesyscloud.acme",
    roles: [{ role_id: "role-1" }, { division_id: "*", role_id: "role-2" }],
  });
  const stores = 'command:["gh","secret","set","X"]\nfile:/etc/orders.json';
  expect(only(document, "null_resource").triggers).toMatchObject({ rotation: "version:2026-07", stores });
  expect(localExec(document).environment).toMatchObject({
    SECRET_STORES: stores,
    SECRET_ROTATION: "version:2026-07",
    GENESYSCLOUD_REGION: "eu-central-1",
    GENESYS_CLOUD_REGION: "eu-central-1",
    GENESYS_SECRET_ADMIN_ID_VARIABLE: "ACME_ID",
    GENESYS_SECRET_ADMIN_SECRET_VARIABLE: "ACME_SECRET",
  });
});

test("everything that a CODE client can have set reaches the document", () => {
  const stack = newStack();
  new SecureOAuthClient(stack, "portal", {
    name: "portal",
    grantType: "CODE",
    scopes: ["users:readonly"],
    redirectUris: ["https://portal.example.com/callback", "com.example.portal:/callback"],
    stores: [SecretStore.file("portal.json")],
  });

  expect(only(synth(stack), "genesyscloud_oauth_client")).toEqual({
    authorized_grant_type: "CODE",
    name: "portal",
    registered_redirect_uris: ["https://portal.example.com/callback", "com.example.portal:/callback"],
    scopes: ["users:readonly"],
  });
});

describe("an imported client", () => {
  test("has only the regeneration, of the client that is named", () => {
    const stack = newStack();
    const legacy = SecureOAuthClient.fromClientId(stack, "legacy", {
      clientId: CLIENT_ID,
      stores: [SecretStore.file("./legacy.json")],
      rotation: Rotation.version("1"),
      region: "eu-west-1",
      adminCredentials: { clientIdVariable: "A", clientSecretVariable: "B" },
    });

    const document = synth(stack);

    expect(document.resource.genesyscloud_oauth_client).toBeUndefined();
    expect(only(document, "null_resource").triggers).toEqual({
      client_id: CLIENT_ID,
      stores: "file:./legacy.json",
      rotation: "version:1",
    });
    expect(localExec(document).environment).toMatchObject({
      TARGET_CLIENT_ID: CLIENT_ID,
      GENESYSCLOUD_REGION: "eu-west-1",
    });
    expect(legacy.client).toBeUndefined();
    expect(legacy.clientId).toBe(CLIENT_ID);
    expect(legacy.storeUris).toEqual(["file:./legacy.json"]);
  });

  test("has its id from a token as it is", () => {
    const stack = newStack();
    const variable = new TerraformVariable(stack, "id", { type: "string" });
    SecureOAuthClient.fromClientId(stack, "legacy", {
      clientId: variable.stringValue,
      stores: [SecretStore.file("./legacy.json")],
    });
    expect(only(synth(stack), "null_resource").triggers.client_id).toBe(template("var.id"));
  });

  test.each(["", "legacy-client", `${CLIENT_ID}0`, undefined, 7])("the id %j is refused", (clientId) => {
    const props = { clientId: clientId as string, stores: [SecretStore.file("./legacy.json")] };
    expect(() => SecureOAuthClient.fromClientId(newStack(), "legacy", props)).toThrow(
      `dev/legacy: clientId must be the client's id, a UUID, got ${JSON.stringify(clientId)}.`,
    );
  });
});
