import { type Sandbox, startSandbox } from "../../../sandbox/org";
import { apiOf, call, logIn } from "./caller";

const CLIENTS = "/api/v2/oauth/clients";

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await startSandbox();
});

afterEach(() => sandbox.close());

test("each request is there, with who asked and what was answered", async () => {
  const api = await apiOf(sandbox);
  const { id } = sandbox.addClient({ name: "orders" });
  await api("GET", `${CLIENTS}?pageNumber=2`);
  await api("POST", `${CLIENTS}/${id}/secret`);
  await call(`${sandbox.origin}${CLIENTS}`);
  sandbox.fault({ path: CLIENTS, drop: "before" });
  await expect(api("GET", CLIENTS)).rejects.toThrow();
  const at = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/);
  const clientId = sandbox.admin.clientId;
  expect(sandbox.journal).toEqual([
    { at, method: "POST", path: "/oauth/token", status: 200, clientId },
    { at, method: "GET", path: CLIENTS, pageNumber: 2, status: 200, clientId },
    { at, method: "POST", path: `${CLIENTS}/${id}/secret`, status: 200, clientId },
    { at, method: "GET", path: CLIENTS, status: 401 },
    { at, method: "GET", path: CLIENTS, status: null, clientId },
  ]);
});

test("nothing in it opens a door", async () => {
  const api = await apiOf(sandbox);
  const { id, secret } = sandbox.addClient({ name: "orders" });
  await logIn(sandbox, id, secret);
  // The secret in the place of the id, as happens when somebody swaps two variables, and in a query.
  await logIn(sandbox, secret, id);
  await api("GET", `${CLIENTS}?secret=${secret}`);
  await api("POST", `${CLIENTS}/${id}/secret`);
  const text = JSON.stringify(sandbox.journal);
  for (const issued of sandbox.everySecretEver()) expect(text).not.toContain(issued.secret);
  for (const token of sandbox.everyTokenEver()) expect(text).not.toContain(token);
  expect(text).not.toMatch(/basic|bearer|authorization/i);
});

test("listeners are told before the effect, after it and after the answer, in order, and can be removed", async () => {
  const api = await apiOf(sandbox);
  const { id, secret } = sandbox.addClient({ name: "orders" });
  const seen: unknown[] = [];
  const stopRequest = sandbox.onRequest(async ({ method, path, status }) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    seen.push(["arrived", method, path, status, sandbox.accepts(id, secret)]);
  });
  const stopEffect = sandbox.onEffect(({ path, status }) => {
    seen.push(["acted", path, status, sandbox.accepts(id, secret)]);
  });
  const stopAnswer = sandbox.onAnswer(({ path, status }) => {
    seen.push(["answered", path, status, sandbox.accepts(id, secret)]);
  });
  const path = `${CLIENTS}/${id}/secret`;
  await api("POST", path);
  stopRequest();
  stopEffect();
  sandbox.fault({ path: CLIENTS, drop: "after" });
  await expect(api("GET", CLIENTS)).rejects.toThrow();
  stopAnswer();
  await api("GET", CLIENTS);
  expect(seen).toEqual([
    ["arrived", "POST", path, null, true],
    ["acted", path, null, false],
    ["answered", path, 200, false],
    ["answered", CLIENTS, null, false],
  ]);
});
