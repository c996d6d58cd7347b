import { readFileSync, statSync } from "node:fs";
import { type Sandbox, startSandbox } from "../../../sandbox/org";
import { type StandInProviders, startStandInProviders } from "../../../sandbox/providers";
import { describeWithEngine } from "../../helpers/engines";
import { registryHost, Workspace } from "./workspace";

const TYPE = "genesyscloud_oauth_client";
const CONFIGURING = [
  ...Array<string>(11).fill("POST /oauth/token"),
  "GET /api/v2/organizations/me",
  "GET /api/v2/authorization/products",
];

describeWithEngine(TYPE, (engine) => {
  let org: Sandbox;
  let providers: StandInProviders;
  let workspace: Workspace;
  let environment: NodeJS.ProcessEnv;

  beforeEach(async () => {
    org = await startSandbox();
    environment = { ...org.environment };
    providers = await startStandInProviders({ environment, registryHost: registryHost(engine) });
    workspace = new Workspace(engine, providers.reattach);
  });

  afterEach(async () => {
    workspace.remove();
    await providers.close();
    await org.close();
  });

  const write = (client: Record<string, unknown>) =>
    workspace.write({
      provider: { genesyscloud: [{ gateway: [{}] }] },
      resource: {
        [TYPE]: { orders: { name: "orders", authorized_grant_type: "CLIENT-CREDENTIALS", ...client } },
      },
    });
  const roles = [{ role_id: "7c1d2e3f-0003-4a5b-8c6d-000000000003" }];
  const state = () => workspace.attributes(TYPE, "orders");
  const calls = () => org.journal.map(({ method, path }) => `${method} ${path.split("?")[0]}`);
  const one = () => `/api/v2/oauth/clients/${state()?.id}`;
  /** Calls of the last configuration of the provider, and after. */
  const lastCalls = () => calls().slice(calls().lastIndexOf("GET /api/v2/authorization/products") + 1);
  const adminToken = async () => {
    const { clientId, clientSecret } = org.admin;
    const response = await fetch(`${org.origin}/oauth/token`, {
      method: "POST",
      headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}` },
      body: new URLSearchParams({ grant_type: "client_credentials" }),
    });
    return ((await response.json()) as { access_token: string }).access_token;
  };

  test("lives: created, unchanged, changed in place, destroyed, each with the real provider's calls", async () => {
    write({ description: "one", roles });
    await workspace.apply();
    expect(calls().slice(0, CONFIGURING.length)).toEqual(CONFIGURING);
    expect(lastCalls()).toEqual([
      "GET /api/v2/authorization/divisions/home",
      "GET /api/v2/tokens/me",
      "POST /api/v2/oauth/clients",
      `GET ${one()}`,
    ]);
    expect(state()).toMatchObject({
      client_id: state()?.id,
      client_secret: "",
      access_token_validity_seconds: 86_400,
      state: "active",
      integration_credential_id: null,
    });
    expect(await workspace.planned()).toBe(0);

    const { id } = state() ?? {};
    write({ description: "two", roles });
    expect((await workspace.apply()).output).toContain("0 added, 1 changed, 0 destroyed");
    expect(lastCalls()).toEqual([`PUT ${one()}`, `GET ${one()}`]);
    expect(state()).toMatchObject({ id, description: "two" });
    expect(await workspace.planned()).toBe(0);

    const path = one();
    await workspace.destroy();
    expect(lastCalls()).toEqual([`PUT ${path}`, `GET ${path}`, `DELETE ${path}`, `GET ${path}`]);
    expect(org.journal.at(-1)?.status).toBe(404);
    expect(org.client(String(id))).toBeUndefined();
  });

  test("its secret stays out of the state and the output", async () => {
    write({ roles });
    const { output } = await workspace.apply();
    const everything = output + readFileSync(workspace.path("terraform.tfstate"), "utf8");
    expect(org.everySecretEver()).toHaveLength(2);
    for (const { secret } of org.everySecretEver()) expect(everything).not.toContain(secret);
  });

  test("its secret is in the state when asked for, as with the real provider", async () => {
    write({ roles, expose_client_secret: true });
    await workspace.apply();
    expect(org.accepts(String(state()?.id), String(state()?.client_secret))).toBe(true);
    expect(await workspace.planned()).toBe(0);
  });

  test("writes its secret to the directory that is asked for, for everybody to read", async () => {
    write({ roles, directory_client_secret: workspace.path("leak") });
    await workspace.apply();
    const file = workspace.path(`leak/${state()?.id}`);
    expect(org.accepts(String(state()?.id), readFileSync(file, "utf8"))).toBe(true);
    expect(statSync(file).mode & 0o004).toBe(0o004);
  });

  test("an integration credential is created, emptied by any change (as by the real 1.82.0), and deleted", async () => {
    write({ roles, integration_credential_name: "orders" });
    await workspace.apply();
    const id = String(state()?.integration_credential_id);
    const credential = `/api/v2/integrations/credentials/${id}`;
    expect(org.accepts(String(state()?.id), org.credentialFields(id)?.clientSecret ?? "")).toBe(true);

    write({ roles, integration_credential_name: "orders", description: "other" });
    await workspace.apply();
    expect(lastCalls()).toEqual([`PUT ${one()}`, `GET ${credential}`, `PUT ${credential}`, `GET ${one()}`]);
    expect(org.credentialFields(id)).toEqual({ clientId: state()?.id, clientSecret: "" });

    await workspace.destroy();
    expect(lastCalls().slice(0, 2)).toEqual([`GET ${credential}`, `DELETE ${credential}`]);
  });

  test("a CODE client has scopes and redirect URIs, in any order", async () => {
    const client = {
      authorized_grant_type: "CODE",
      registered_redirect_uris: ["https://a.example", "https://b.example"],
    };
    write({ ...client, scopes: ["users", "routing"] });
    await workspace.apply();
    write({ ...client, scopes: ["routing", "users"] });
    expect(await workspace.planned()).toBe(0);
  });

  test("what has vanished from the org is planned anew; what was changed there is planned back", async () => {
    write({ roles, description: "mine" });
    await workspace.apply();
    const token = await adminToken();
    const call = (method: string, body?: object) =>
      fetch(`${org.origin}${one()}`, {
        method,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        ...(body && { body: JSON.stringify(body) }),
      });
    const request = { name: "orders", authorizedGrantType: "CLIENT-CREDENTIALS", state: "inactive" };
    await call("PUT", { ...request, description: "theirs" });
    expect((await workspace.run("plan")).output).toMatch(/"theirs" -> "mine"/);

    await call("DELETE");
    expect((await workspace.run("plan")).output).toContain("1 to add, 0 to change, 0 to destroy");
  });

  test("can be imported by its id", async () => {
    write({ roles });
    await workspace.apply();
    const { id, name } = state() ?? {};
    await workspace.run("state", "rm", `${TYPE}.orders`);
    expect((await workspace.run("import", `${TYPE}.orders`, String(id))).code).toBe(0);
    expect(state()).toMatchObject({ id, name, client_id: id });
  });

  test("a token instead of a client: no token is asked for", async () => {
    environment.GENESYSCLOUD_ACCESS_TOKEN = await adminToken();
    delete environment.GENESYSCLOUD_OAUTHCLIENT_ID;
    delete environment.GENESYSCLOUD_OAUTHCLIENT_SECRET;
    write({ roles });
    await workspace.apply();
    expect(calls().filter((call) => call === "POST /oauth/token")).toHaveLength(1);
  });

  test("a refusal shows the API's message and contextId", async () => {
    const body = {
      message: "missing oauth:client:add",
      code: "missing.permissions",
      status: 403,
      contextId: "c0ntext",
    };
    org.fault({ method: "POST", path: "/api/v2/oauth/clients", status: 403, body });
    write({ roles });
    await workspace.run("init");
    const { code, output } = await workspace.run("apply", "-auto-approve");
    expect(code).toBe(1);
    expect(output).toMatch(/API Error: 403 - missing oauth:client:add \(c0ntext\)/);
    expect(state()).toBeUndefined();
  });

  test("a client that exists but could not be read is tainted, and replaced by the next apply", async () => {
    write({ roles });
    await workspace.run("init");
    org.fault({ method: "GET", path: "/api/v2/oauth/clients/*", status: 400, body: { message: "no" } });
    expect((await workspace.run("apply", "-auto-approve")).code).toBe(1);
    expect(workspace.status(TYPE, "orders")).toBe("tainted");
    await workspace.apply();
    expect(workspace.status(TYPE, "orders")).toBeUndefined();
    expect(org.clients()).toHaveLength(2);
  });

  test.each([
    ["a validity too short", { access_token_validity_seconds: 299 }, "in the range (300 - 38880000)"],
    ["an unknown grant", { authorized_grant_type: "MAGIC" }, "to be one of [CODE"],
    ["an unknown state", { state: "asleep" }, "to be one of [active inactive]"],
  ])("refused without a call: %s", async (_case, client, message) => {
    write({ roles, ...client });
    await workspace.run("init");
    const { code, output } = await workspace.run("validate");
    expect(code).toBe(1);
    expect(output.replaceAll(/\s*[│╷╵\n]\s*/g, " ")).toContain(message);
    expect(org.journal).toEqual([]);
  });

  test("an admin who is refused is told so, without the secret", async () => {
    environment.GENESYSCLOUD_OAUTHCLIENT_SECRET = "not-the-secret-of-the-admin";
    write({ roles });
    await workspace.run("init");
    const { code, output } = await workspace.run("plan");
    expect(code).toBe(1);
    expect(output).toContain("failed to authorize Genesys Cloud client credentials");
    expect(output).toContain("invalid_client");
    expect(output).not.toContain("not-the-secret-of-the-admin");
  });
});
