import { type Sandbox, startSandbox } from "../../../sandbox/org";
import { apiOf, call } from "./caller";

const CLIENTS = "/api/v2/oauth/clients";
const JSON_TYPE = { "content-type": "application/json" };

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await startSandbox();
});

afterEach(() => sandbox.close());

const post = (body: string, headers = {}) =>
  call(`${sandbox.origin}/sandbox/faults`, "POST", { ...JSON_TYPE, ...headers }, body);

test("faults go in over HTTP, one or several, and out again", async () => {
  const api = await apiOf(sandbox);
  expect((await post(JSON.stringify({ path: CLIENTS, status: 503 }))).body).toEqual({ added: 1 });
  expect((await api("GET", CLIENTS)).status).toBe(503);
  const two = [
    { path: CLIENTS, status: 502 },
    { path: CLIENTS, status: 504 },
  ];
  expect((await post(JSON.stringify(two))).body).toEqual({ added: 2 });
  expect((await api("GET", CLIENTS)).status).toBe(502);
  expect((await call(`${sandbox.origin}/sandbox/faults`, "DELETE")).status).toBe(204);
  expect((await api("GET", CLIENTS)).status).toBe(200);
});

test.each(["", "x", "{}", '{"path":"/x","status":1}'])("%p is refused with the reason", async (body) => {
  const reply = await post(body);
  expect(reply.status).toBe(400);
  expect(reply.body.message).toEqual(expect.any(String));
});

test("the journal is there to read; the controls are not in it", async () => {
  await (await apiOf(sandbox))("GET", CLIENTS);
  const { body } = await call(`${sandbox.origin}/sandbox/requests`);
  expect(body.requests).toMatchObject([
    { method: "POST", path: "/oauth/token", status: 200, clientId: sandbox.admin.clientId },
    { method: "GET", path: CLIENTS, status: 200, clientId: sandbox.admin.clientId },
  ]);
  expect(sandbox.journal).toHaveLength(2);
});

test.each([{ origin: "https://evil.example" }, { origin: "null" }])(
  "a web page with %j is kept out",
  async (headers) => {
    const body = JSON.stringify({ path: "*", drop: "before" });
    expect((await post(body, headers)).status).toBe(403);
    expect((await call(`${sandbox.origin}/sandbox/requests`, "GET", headers)).status).toBe(403);
    expect((await (await apiOf(sandbox))("GET", CLIENTS)).status).toBe(200);
  },
);

test("what is not a control is not found", async () => {
  expect((await call(`${sandbox.origin}/sandbox/secrets`)).status).toBe(404);
});
