import { DENIALS, type Sandbox, startSandbox } from "../../../sandbox/org";
import { apiOf, call, logIn } from "./caller";

let sandbox: Sandbox;
let orders: { id: string; secret: string };

beforeEach(async () => {
  sandbox = await startSandbox();
  orders = sandbox.addClient({ name: "orders" });
});

afterEach(() => sandbox.close());

const ELSEWHERE = ["203.0.113.7"];
const post = (body: string) =>
  call(`${sandbox.origin}/sandbox/allow-lists`, "POST", { "content-type": "application/json" }, body);
const statusOf = async ({ id, secret }: { id: string; secret: string }): Promise<number> =>
  (await logIn(sandbox, id, secret)).status;

test.each(Object.entries(DENIALS))(
  "a login from outside of a client's list is answered as the list says: %s",
  async (_, denial) => {
    sandbox.allow({ clientId: orders.id, addresses: ELSEWHERE, denial });
    const denied = await logIn(sandbox, orders.id, orders.secret);
    expect([denied.status, denied.body]).toEqual([denial.status, denial.body ?? ""]);
    // Whoever is outside learns nothing of the secret, and a token that was given before stays good.
    expect((await logIn(sandbox, orders.id, "wrong")).body).toEqual(denied.body);
    await apiOf(sandbox);
    sandbox.allowAll();
    expect(await statusOf(orders)).toBe(200);
  },
);

test("a list that has the caller's address lets in, and a client's list is for that client", async () => {
  const other = sandbox.addClient({ name: "other" });
  sandbox.allow({ clientId: orders.id, addresses: [...ELSEWHERE, "127.0.0.1"] });
  expect([await statusOf(orders), await statusOf(other)]).toEqual([200, 200]);
  sandbox.allow({ clientId: orders.id, addresses: ELSEWHERE });
  expect([await statusOf(orders), await statusOf(other)]).toEqual([400, 200]);
});

test("the org's list is for all clients, those made later included, but those that it leaves out", async () => {
  sandbox.allow({ addresses: ELSEWHERE, except: [sandbox.admin.clientId] });
  const later = sandbox.addClient({ name: "later" });
  expect([await statusOf(orders), await statusOf(later)]).toEqual([400, 400]);
  const { clientId: id, clientSecret: secret } = sandbox.admin;
  expect(await statusOf({ id, secret })).toBe(200);
});

test("lists go in over HTTP, one or several, and out again", async () => {
  const own = { clientId: orders.id, addresses: [] };
  const [first, second] = [
    { ...own, denial: { status: 403 } },
    { ...own, denial: { status: 401, body: { error: "access_denied" } } },
  ];
  expect((await post(JSON.stringify(first))).body).toEqual({ added: 1 });
  expect(await statusOf(orders)).toBe(403);
  expect((await post(JSON.stringify([first, second]))).body).toEqual({ added: 2 });
  expect(await statusOf(orders)).toBe(401);
  expect((await call(`${sandbox.origin}/sandbox/allow-lists`, "DELETE")).status).toBe(204);
  expect(await statusOf(orders)).toBe(200);
});

test.each([
  ["1", "an allow list must be an object"],
  ["{}", "addresses must be a list of addresses"],
  ['{"addresses":[1]}', "addresses must be a list of addresses"],
  ['{"addresses":[],"adresses":[]}', "an allow list has no property adresses"],
  ['{"addresses":[],"except":"x"}', "except must be a list of clients' ids"],
  ['{"addresses":[],"denial":{"status":200}}', "denial must be an object with a status from 400 to 499"],
])("%s is refused with the reason", async (body, reason) => {
  const reply = await post(body);
  expect([reply.status, reply.body.message]).toEqual([400, expect.stringContaining(reason)]);
});

describe("whoever edits a client must hold the roles that it holds", () => {
  const roleOf = (name: string): string => sandbox.roles.find((role) => role.name === name)?.id ?? "";
  const inHome = (...names: string[]) =>
    names.map((name) => ({ roleId: roleOf(name), divisionId: sandbox.divisions[0]?.id ?? "" }));

  test.each([
    ["holds fewer roles", ["Admin"], 403],
    ["holds them, too", ["Admin", "employee"], 200],
    ["may do everything", ["Master Admin"], 200],
  ])("an editor that %s", async (_, held, status) => {
    const editor = sandbox.addClient({ name: "editor", roleDivisions: inHome(...held) });
    const edited = sandbox.addClient({ name: "edited", roleDivisions: inHome("employee") });
    const api = await apiOf(sandbox, editor);
    const path = `/api/v2/oauth/clients/${edited.id}`;
    const { body } = await api("GET", path);
    const put = await api("PUT", path, body);
    const regenerated = await api("POST", `${path}/secret`);
    expect([put.status, regenerated.status]).toEqual([status, status]);
    expect(sandbox.accepts(edited.id, edited.secret)).toBe(status === 403);
    if (status === 403) expect(regenerated.body.message).toContain("hold every role");
  });
});
