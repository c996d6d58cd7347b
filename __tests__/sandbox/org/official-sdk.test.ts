import * as platform from "purecloud-platform-client-v2";
import { type Sandbox, startSandbox } from "../../../sandbox/org";

// The official SDK is the judge: what it cannot read is wrong here, whatever our own tests say.
const sdk = platform.ApiClient.instance;

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox();
  sdk.setGateway({ host: sandbox.host, protocol: sandbox.protocol, port: sandbox.port });
});

afterAll(() => sandbox.close());

beforeEach(async () => {
  await sdk.loginClientCredentialsGrant(sandbox.admin.clientId, sandbox.admin.clientSecret);
});

const oauth = new platform.OAuthApi();
const tokens = new platform.TokensApi();
const integrations = new platform.IntegrationsApi();

const service = { name: "orders", authorizedGrantType: "CLIENT-CREDENTIALS", description: "Orders" };

test("logs in with a token that works, and understands a refusal", async () => {
  const { accessToken } = await sdk.loginClientCredentialsGrant(
    sandbox.admin.clientId,
    sandbox.admin.clientSecret,
  );
  expect(sandbox.everyTokenEver()).toContain(accessToken);
  await expect(sdk.loginClientCredentialsGrant(sandbox.admin.clientId, "wrong")).rejects.toMatchObject({
    response: { status: 400, data: { error: "invalid_client" } },
  });
});

test("creates, changes, regenerates and deletes an OAuth client", async () => {
  const created = await oauth.postOauthClients(service);
  const id = created.id ?? "";
  expect(sandbox.accepts(id, created.secret ?? "")).toBe(true);

  const listing = await oauth.getOauthClients();
  expect(listing).toMatchObject({ total: 2, pageCount: 1 });
  expect(listing.entities?.map(({ name }) => name)).toEqual(["Sandbox Admin", "orders"]);

  const read = await oauth.getOauthClient(id);
  expect(read).toMatchObject(service);
  expect(read.secret).toBeUndefined();

  const regenerated = await oauth.postOauthClientSecret(id);
  expect(regenerated.secret).not.toBe(created.secret);
  await sdk.loginClientCredentialsGrant(id, regenerated.secret ?? "");
  expect((await tokens.getTokensMe()).OAuthClient?.id).toBe(id);

  await sdk.loginClientCredentialsGrant(sandbox.admin.clientId, sandbox.admin.clientSecret);
  await expect(oauth.deleteOauthClient(id)).rejects.toMatchObject({ status: 409 });
  expect((await oauth.putOauthClient(id, { ...service, state: "inactive" })).state).toBe("inactive");
  await oauth.deleteOauthClient(id);
  await expect(oauth.getOauthClient(id)).rejects.toMatchObject({ status: 404, code: "not.found" });
});

test("asks tokens/me who it is, and revokes its token there", async () => {
  const me = await tokens.getTokensMe({ preserveIdleTTL: false });
  expect(me.OAuthClient).toMatchObject({ id: sandbox.admin.clientId, name: "Sandbox Admin" });
  expect(me.OAuthClient?.organization?.id).toBe(me.organization?.id);
  await tokens.deleteTokensMe();
  await expect(tokens.getTokensMe()).rejects.toMatchObject({ status: 401 });
});

test("creates, changes and deletes integration credentials", async () => {
  const body = {
    name: "flow",
    type: { name: "pureCloudOAuthClient" },
    credentialFields: { clientId: "an-id", clientSecret: "s3cret" },
  };
  const id = (await integrations.postIntegrationsCredentials({ body })).id ?? "";
  expect((await integrations.getIntegrationsCredentials()).entities).toMatchObject([{ id, name: "flow" }]);
  const read = await integrations.getIntegrationsCredential(id);
  expect(read).toMatchObject({ id, name: "flow", type: { name: "pureCloudOAuthClient" } });
  expect(read.credentialFields).toBeUndefined();
  await integrations.putIntegrationsCredential(id, { body: { ...body, name: "renamed" } });
  expect((await integrations.getIntegrationsCredential(id)).name).toBe("renamed");
  await integrations.deleteIntegrationsCredential(id);
  await expect(integrations.getIntegrationsCredential(id)).rejects.toMatchObject({ status: 404 });
});

test("reads the organization, roles and divisions", async () => {
  const organization = await new platform.OrganizationApi().getOrganizationsMe();
  expect(organization.defaultCountryCode).toBe("US");
  const authorization = new platform.AuthorizationApi();
  const roles = await authorization.getAuthorizationRoles({ name: "Admin", pageSize: 100 });
  expect(roles.entities?.map(({ name }) => name)).toEqual(["Master Admin", "Admin"]);
  expect((await authorization.getAuthorizationDivisionsHome()).homeDivision).toBe(true);
  expect((await authorization.getAuthorizationDivisions({ name: "Marketing" })).total).toBe(1);
  expect((await authorization.getAuthorizationProducts()).entities?.length).toBeGreaterThan(0);
});

test("a missing permission arrives as an error that names it", async () => {
  const reader = sandbox.addClient({ name: "reader", permissions: ["oauth:client:view"] });
  await sdk.loginClientCredentialsGrant(reader.id, reader.secret);
  await expect(oauth.postOauthClientSecret(reader.id)).rejects.toMatchObject({
    status: 403,
    code: "missing.permissions",
    message: expect.stringContaining("oauth:client:edit"),
  });
});
