import { type Sandbox, startSandbox } from "../../../sandbox/org";
import { type Api, apiOf, errorBody, UUID } from "./caller";

const CREDENTIALS = "/api/v2/integrations/credentials";

let sandbox: Sandbox;
let api: Api;

beforeEach(async () => {
  sandbox = await startSandbox({ pageSize: 2 });
  api = await apiOf(sandbox);
});

afterEach(() => sandbox.close());

const credential = (name: string, clientSecret: string) => ({
  name,
  type: { name: "pureCloudOAuthClient" },
  credentialFields: { clientId: "an-id", clientSecret },
});

test("fields go in and never come out", async () => {
  const created = await api("POST", CREDENTIALS, credential("flow", "s3cret"));
  expect(created.status).toBe(200);
  const { id } = created.body;
  expect(created.body).toEqual({
    id: expect.stringMatching(UUID),
    name: "flow",
    type: { name: "pureCloudOAuthClient" },
    createdDate: expect.any(String),
    modifiedDate: expect.any(String),
    selfUri: `${CREDENTIALS}/${id}`,
  });
  const read = await api("GET", `${CREDENTIALS}/${id}`);
  expect(read.body).toEqual({
    id,
    name: "flow",
    type: { name: "pureCloudOAuthClient" },
    selfUri: `${CREDENTIALS}/${id}`,
  });
  const replaced = await api("PUT", `${CREDENTIALS}/${id}`, credential("renamed", "n3w"));
  expect(replaced.body).toMatchObject({ id, name: "renamed" });
  const listed = await api("GET", CREDENTIALS);
  expect(listed.body.entities).toEqual([replaced.body]);
  for (const { body } of [created, read, replaced, listed]) {
    expect(JSON.stringify(body)).not.toMatch(/credentialFields|s3cret|n3w/);
  }
  expect(sandbox.credentialFields(id)).toEqual({ clientId: "an-id", clientSecret: "n3w" });
});

test("a list has pages", async () => {
  for (const name of ["a", "b", "c"]) await api("POST", CREDENTIALS, credential(name, "x"));
  const first = (await api("GET", CREDENTIALS)).body;
  expect(first).toMatchObject({ total: 3, pageCount: 2 });
  expect((await api("GET", first.nextUri)).body.entities).toMatchObject([{ name: "c" }]);
});

test("an empty secret is taken: that is how the provider breaks a live integration", async () => {
  const { id } = (await api("POST", CREDENTIALS, credential("flow", "s3cret"))).body;
  expect((await api("PUT", `${CREDENTIALS}/${id}`, credential("flow", ""))).status).toBe(200);
  expect(sandbox.credentialFields(id)?.clientSecret).toBe("");
});

test("a credential holds a secret that regenerating kills, until it is PUT again", async () => {
  const { id: clientId, secret } = sandbox.addClient({ name: "orders" });
  const { id } = (await api("POST", CREDENTIALS, credential("flow", secret))).body;
  const works = () => sandbox.accepts(clientId, sandbox.credentialFields(id)?.clientSecret ?? "");
  expect(works()).toBe(true);
  const fresh = (await api("POST", `/api/v2/oauth/clients/${clientId}/secret`)).body.secret;
  expect(works()).toBe(false);
  await api("PUT", `${CREDENTIALS}/${id}`, credential("flow", fresh));
  expect(works()).toBe(true);
});

test.each([
  [{ ...credential("flow", "x"), name: undefined }, "name"],
  [{ ...credential("flow", "x"), type: undefined }, "type.name"],
  [{ ...credential("flow", "x"), credentialFields: undefined }, "credentialFields"],
  [{ ...credential("flow", "x"), credentialFields: { clientId: "x" } }, "credentialFields.clientSecret"],
  [{ ...credential("flow", "x"), credentialFields: { clientId: 1 } }, "credentialFields"],
])("%j is refused, naming %s", async (body, named) => {
  const reply = await api("POST", CREDENTIALS, body);
  expect(reply.status).toBe(400);
  expect(reply.body.message).toContain(named);
});

test("delete, then not found", async () => {
  const { id } = (await api("POST", CREDENTIALS, credential("flow", "x"))).body;
  expect((await api("DELETE", `${CREDENTIALS}/${id}`)).status).toBe(204);
  for (const [method, body] of [["GET"], ["DELETE"], ["PUT", credential("flow", "x")]] as const) {
    const reply = await api(method, `${CREDENTIALS}/${id}`, body);
    expect([reply.status, reply.body]).toEqual([404, errorBody(404, "not.found")]);
  }
});
