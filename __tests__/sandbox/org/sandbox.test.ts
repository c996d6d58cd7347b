import { request } from "node:http";
import { type Sandbox, startSandbox } from "../../../sandbox/org";
import { apiOf, logIn, UUID } from "./caller";

let sandbox: Sandbox;

afterEach(() => sandbox.close());

test("the admin is a client among the others, and the environment is its", async () => {
  sandbox = await startSandbox();
  const { clientId, clientSecret } = sandbox.admin;
  expect(clientId).toMatch(UUID);
  expect(clientSecret).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(sandbox.client(clientId)).toMatchObject({ name: "Sandbox Admin", state: "active" });
  expect(sandbox.clients()).toHaveLength(1);
  expect(sandbox.environment).toEqual({
    GENESYSCLOUD_OAUTHCLIENT_ID: clientId,
    GENESYSCLOUD_OAUTHCLIENT_SECRET: clientSecret,
    GENESYSCLOUD_REGION: "us-east-1",
    GENESYSCLOUD_GATEWAY_HOST: "127.0.0.1",
    GENESYSCLOUD_GATEWAY_PORT: String(sandbox.port),
    GENESYSCLOUD_GATEWAY_PROTOCOL: "http",
  });
  expect(sandbox.origin).toBe(`http://${sandbox.host}:${sandbox.port}`);
});

test("the admin can be given, and the port; a port that is taken is an error", async () => {
  const admin = { clientId: "6f9619ff-8b86-4d01-b42d-00cf4fc964ff", clientSecret: "given" };
  sandbox = await startSandbox({ admin });
  expect((await logIn(sandbox, admin.clientId, admin.clientSecret)).status).toBe(200);
  await expect(startSandbox({ port: sandbox.port })).rejects.toMatchObject({ code: "EADDRINUSE" });
});

test("clients are added with what a test needs", async () => {
  sandbox = await startSandbox();
  const { id, secret } = sandbox.addClient({
    name: "orders",
    grant: "CODE",
    state: "disabled",
    description: "x",
  });
  expect(sandbox.client(id)).toMatchObject({
    id,
    name: "orders",
    authorizedGrantType: "CODE",
    state: "disabled",
    description: "x",
  });
  expect(sandbox.client(id)).not.toHaveProperty("secret");
  expect(sandbox.liveSecret(id)).toBe(secret);
  expect(sandbox.client("nobody")).toBeUndefined();
  expect(sandbox.accepts("nobody", secret)).toBe(false);
  expect(() => sandbox.liveSecret("nobody")).toThrow("nobody");
});

test("it listens on loopback, keeps connections and frees its port on close", async () => {
  sandbox = await startSandbox();
  const api = await apiOf(sandbox);
  expect((await api("GET", "/api/v2/tokens/me")).status).toBe(200);
  await sandbox.close();
  await sandbox.close();
  await expect(api("GET", "/api/v2/tokens/me")).rejects.toThrow("fetch failed");
  sandbox = await startSandbox({ port: sandbox.port });
});

test("a request that is not well formed gets an answer, and the org lives on", async () => {
  sandbox = await startSandbox();
  const status = await new Promise((resolve, reject) => {
    request({ host: sandbox.host, port: sandbox.port, path: "http://[" }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
  });
  expect(status).toBe(400);
  await apiOf(sandbox);
});
