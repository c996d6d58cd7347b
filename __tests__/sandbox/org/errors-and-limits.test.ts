import { type Sandbox, type SandboxOptions, startSandbox } from "../../../sandbox/org";
import { apiOf, call, errorBody } from "./caller";

const CLIENTS = "/api/v2/oauth/clients";

let sandbox: Sandbox;

async function start(options?: SandboxOptions): Promise<void> {
  sandbox = await startSandbox(options);
}

afterEach(() => sandbox.close());

test("without a token, and on paths that are not there", async () => {
  await start();
  const anonymous = await call(`${sandbox.origin}${CLIENTS}`);
  expect([anonymous.status, anonymous.body]).toEqual([401, errorBody(401, "bad.credentials")]);
  expect(anonymous.headers.get("inin-correlation-id")).toBe(anonymous.body.contextId);
  const api = await apiOf(sandbox);
  for (const [method, path] of [
    ["GET", "/api/v2/nothing"],
    ["PATCH", CLIENTS],
    ["GET", `${CLIENTS}/`],
    ["GET", `${CLIENTS}/a/b`],
    ["GET", "/"],
    ["GET", "/oauth/token"],
  ] as const) {
    expect((await api(method, path)).body).toEqual(errorBody(404, "not.found"));
  }
});

test("a body without bounds is refused", async () => {
  await start();
  const reply = await call(`${sandbox.origin}/oauth/token`, "POST", {}, "x".repeat(1_000_001));
  expect(reply.status).toBe(413);
});

describe("permissions", () => {
  test("a refusal names the one that is missing", async () => {
    await start();
    const { id } = sandbox.addClient({ name: "orders" });
    const reader = await apiOf(
      sandbox,
      sandbox.addClient({ name: "reader", permissions: ["oauth:client:view"] }),
    );
    expect((await reader("GET", CLIENTS)).status).toBe(200);
    expect((await reader("GET", `${CLIENTS}/${id}`)).status).toBe(200);
    for (const [method, path, permission] of [
      ["POST", CLIENTS, "oauth:client:add"],
      ["PUT", `${CLIENTS}/${id}`, "oauth:client:edit"],
      ["DELETE", `${CLIENTS}/${id}`, "oauth:client:delete"],
      ["POST", `${CLIENTS}/${id}/secret`, "oauth:client:edit"],
      ["GET", "/api/v2/integrations/credentials", "integrations:integration:view"],
      ["POST", "/api/v2/integrations/credentials", "integrations:integration:add"],
      ["GET", "/api/v2/authorization/roles", "authorization:role:view"],
    ] as const) {
      const { status, body } = await reader(method, path);
      expect([status, body]).toEqual([
        403,
        { ...(errorBody(403, "missing.permissions") as object), messageParams: { permissions: permission } },
      ]);
      expect(body.message).toContain(permission);
    }
    expect(sandbox.everySecretEver().filter(({ clientId }) => clientId === id)).toHaveLength(1);
  });

  test("every live token may ask who and where it is", async () => {
    await start();
    const nobody = await apiOf(sandbox, sandbox.addClient({ name: "nobody" }));
    for (const path of ["tokens/me", "organizations/me", "authorization/divisions/home"]) {
      expect((await nobody("GET", `/api/v2/${path}`)).status).toBe(200);
    }
    expect((await nobody("GET", CLIENTS)).status).toBe(403);
  });

  test("a client has those of its roles", async () => {
    await start();
    const role = (name: string) => sandbox.roles.find((one) => one.name === name)?.id ?? "";
    const clientWith = (name: string) =>
      sandbox.addClient({ name, roleDivisions: [{ roleId: role(name), divisionId: "*" }] });
    const admin = await apiOf(sandbox, clientWith("Admin"));
    expect((await admin("GET", CLIENTS)).status).toBe(200);
    const employee = await apiOf(sandbox, clientWith("employee"));
    expect((await employee("GET", CLIENTS)).status).toBe(403);
  });
});

test("requests over the limit are told when to come back, each token for itself", async () => {
  await start({ apiLimitPerMinute: 3 });
  const [api, other] = [await apiOf(sandbox), await apiOf(sandbox)];
  for (let n = 0; n < 3; n += 1) expect((await api("GET", CLIENTS)).status).toBe(200);
  const over = await api("POST", CLIENTS, { name: "x", authorizedGrantType: "CLIENT-CREDENTIALS" });
  expect([over.status, over.body]).toEqual([429, errorBody(429, "too.many.requests")]);
  const seconds = Number(over.headers.get("retry-after"));
  expect(seconds).toBeGreaterThanOrEqual(1);
  expect(seconds).toBeLessThanOrEqual(60);
  expect(sandbox.clients()).toHaveLength(1);
  expect((await other("GET", CLIENTS)).status).toBe(200);
});
