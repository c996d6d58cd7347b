import { type Sandbox, startSandbox } from "../../../sandbox/org";
import { type Api, apiOf, apiWith, errorBody, logIn, UUID } from "./caller";

const CLIENTS = "/api/v2/oauth/clients";
const ROLE = { roleId: "7c1d2e3f-0002-4a5b-8c6d-000000000002", divisionId: "*" };
const REQUEST = { name: "orders", authorizedGrantType: "CLIENT-CREDENTIALS" };

let sandbox: Sandbox;
let api: Api;

beforeEach(async () => {
  sandbox = await startSandbox({ pageSize: 3 });
  api = await apiOf(sandbox);
});

afterEach(() => sandbox.close());

describe("create", () => {
  test("fills in what was not said, and answers the secret once", async () => {
    const { status, body } = await api("POST", CLIENTS, REQUEST);
    expect(status).toBe(200);
    const { secret, ...client } = body;
    expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/);
    const by = {
      id: sandbox.admin.clientId,
      selfUri: `${CLIENTS}/${sandbox.admin.clientId}`,
    };
    expect(client).toEqual({
      id: expect.stringMatching(UUID),
      name: "orders",
      authorizedGrantType: "CLIENT-CREDENTIALS",
      accessTokenValiditySeconds: 86_400,
      registeredRedirectUri: [],
      scope: [],
      roleDivisions: [],
      state: "active",
      dateCreated: expect.any(String),
      dateModified: client.dateCreated,
      createdBy: by,
      modifiedBy: by,
      selfUri: `${CLIENTS}/${client.id}`,
    });
    expect((await api("GET", `${CLIENTS}/${client.id}`)).body).toEqual(client);
    expect((await logIn(sandbox, client.id, secret)).status).toBe(200);
  });

  test("keeps everything that was said", async () => {
    const service = {
      ...REQUEST,
      description: "",
      accessTokenValiditySeconds: 3600,
      roleDivisions: [ROLE],
      state: "inactive",
      dateToDelete: "2030-01-01T00:00:00.000Z",
    };
    const web = {
      name: "web",
      authorizedGrantType: "CODE",
      scope: ["oauth:readonly"],
      registeredRedirectUri: ["https://a.example/cb"],
    };
    for (const request of [service, web]) {
      const { id } = (await api("POST", CLIENTS, request)).body;
      expect((await api("GET", `${CLIENTS}/${id}`)).body).toMatchObject(request);
    }
  });

  test("two clients may have one name", async () => {
    const [one, two] = [await api("POST", CLIENTS, REQUEST), await api("POST", CLIENTS, REQUEST)];
    expect([one.status, two.status]).toEqual([200, 200]);
    expect(one.body.id).not.toBe(two.body.id);
    expect(one.body.secret).not.toBe(two.body.secret);
  });

  test.each([300, 38_880_000])("tokens may live %d seconds", async (accessTokenValiditySeconds) => {
    const { id, secret } = (await api("POST", CLIENTS, { ...REQUEST, accessTokenValiditySeconds })).body;
    expect((await logIn(sandbox, id, secret)).body.expires_in).toBe(accessTokenValiditySeconds);
  });

  test.each([
    [{ authorizedGrantType: "CODE" }, "name"],
    [{ ...REQUEST, name: " " }, "name"],
    [{ name: "orders" }, "authorizedGrantType"],
    [{ name: "orders", authorizedGrantType: "code" }, "authorizedGrantType"],
    [{ ...REQUEST, accessTokenValiditySeconds: 299 }, "accessTokenValiditySeconds"],
    [{ ...REQUEST, accessTokenValiditySeconds: 38_880_001 }, "accessTokenValiditySeconds"],
    [{ ...REQUEST, accessTokenValiditySeconds: 300.5 }, "accessTokenValiditySeconds"],
    [{ ...REQUEST, accessTokenValiditySeconds: "300" }, "accessTokenValiditySeconds"],
    [{ ...REQUEST, state: "disabled" }, "state"],
    [{ ...REQUEST, description: 1 }, "description"],
    [{ ...REQUEST, registeredRedirectUri: "x" }, "registeredRedirectUri"],
    [{ ...REQUEST, scope: ["oauth"] }, "scope"],
    [{ ...REQUEST, roleDivisions: [{ roleId: "x" }] }, "roleDivisions"],
    [{ ...REQUEST, roleDivisions: [null] }, "roleDivisions"],
    [{ ...REQUEST, roleDivisions: "x" }, "roleDivisions"],
    [{ name: "web", authorizedGrantType: "CODE", roleDivisions: [ROLE] }, "roleDivisions"],
    [[], "object"],
  ])("%j is refused, naming %s", async (request, named) => {
    const { status, body } = await api("POST", CLIENTS, request);
    expect(status).toBe(400);
    expect(body).toEqual(errorBody(400, "bad.request"));
    expect(body.message).toContain(named);
    expect(sandbox.clients()).toHaveLength(1);
  });

  test("a body that is not JSON is refused without being quoted", async () => {
    const token = (await logIn(sandbox, sandbox.admin.clientId, sandbox.admin.clientSecret)).body
      .access_token;
    const response = await fetch(`${sandbox.origin}${CLIENTS}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      body: "hunter2",
    });
    expect(response.status).toBe(400);
    expect(await response.text()).not.toContain("hunter2");
  });
});

describe("list", () => {
  test("pages link to the next one until there is none, and hold no secret", async () => {
    for (const name of ["a", "b", "c", "d", "e", "f"]) sandbox.addClient({ name });
    const names: string[] = [];
    const numbers: number[] = [];
    for (let uri: string | undefined = CLIENTS; uri; ) {
      const { body } = await api("GET", uri);
      expect(body).toMatchObject({ total: 7, pageCount: 3, pageSize: 3 });
      for (const client of body.entities) {
        expect(client).not.toHaveProperty("secret");
        names.push(client.name);
      }
      numbers.push(body.pageNumber);
      uri = body.nextUri;
    }
    expect(names).toEqual(["Sandbox Admin", "a", "b", "c", "d", "e", "f"]);
    expect(numbers).toEqual([1, 2, 3]);
  });

  test("pageSize may be smaller than the org's, not larger; pages beyond the end are empty", async () => {
    for (const name of ["a", "b", "c"]) sandbox.addClient({ name });
    expect((await api("GET", `${CLIENTS}?pageSize=1`)).body).toMatchObject({ pageSize: 1, pageCount: 4 });
    expect((await api("GET", `${CLIENTS}?pageSize=100`)).body).toMatchObject({ pageSize: 3, pageCount: 2 });
    const beyond = (await api("GET", `${CLIENTS}?pageNumber=9`)).body;
    expect([beyond.entities, beyond.nextUri]).toEqual([[], undefined]);
    expect((await api("GET", `${CLIENTS}?pageNumber=0`)).status).toBe(400);
    expect((await api("GET", `${CLIENTS}?pageSize=x`)).status).toBe(400);
  });
});

describe("regenerate", () => {
  test("makes a new secret; the old one is dead at once", async () => {
    const { id, secret: old } = sandbox.addClient({ name: "orders" });
    const { status, body } = await api("POST", `${CLIENTS}/${id}/secret`);
    expect(status).toBe(200);
    const { secret, ...client } = body;
    expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(secret).not.toBe(old);
    expect(client).toEqual(sandbox.client(id));
    expect(client.modifiedBy.id).toBe(sandbox.admin.clientId);
    expect((await logIn(sandbox, id, old)).body.error).toBe("invalid_client");
    expect((await logIn(sandbox, id, secret)).status).toBe(200);
    expect([sandbox.accepts(id, old), sandbox.accepts(id, secret)]).toEqual([false, true]);
    expect(sandbox.liveSecret(id)).toBe(secret);
    expect(sandbox.everySecretEver().filter(({ clientId }) => clientId === id)).toEqual([
      { clientId: id, secret: old },
      { clientId: id, secret },
    ]);
  });

  test("tokens that were taken with the old secret live on", async () => {
    const { id, secret } = sandbox.addClient({ name: "orders" });
    const theirs = await apiOf(sandbox, { id, secret });
    await api("POST", `${CLIENTS}/${id}/secret`);
    expect((await theirs("GET", "/api/v2/tokens/me")).status).toBe(200);
  });
});

describe("update", () => {
  test("puts the request in place of what was there, and leaves the secret alone", async () => {
    const { id, secret } = (await api("POST", CLIENTS, { ...REQUEST, description: "old" })).body;
    const { status, body } = await api("PUT", `${CLIENTS}/${id}`, { ...REQUEST, name: "renamed" });
    expect(status).toBe(200);
    expect(body.name).toBe("renamed");
    expect(body).not.toHaveProperty("description");
    expect(body).not.toHaveProperty("secret");
    expect(sandbox.accepts(id, secret)).toBe(true);
  });

  test("a state that is not in the request stays", async () => {
    const { id } = sandbox.addClient({ name: "orders", state: "inactive" });
    expect((await api("PUT", `${CLIENTS}/${id}`, REQUEST)).body.state).toBe("inactive");
    expect((await api("PUT", `${CLIENTS}/${id}`, { ...REQUEST, state: "active" })).body.state).toBe("active");
  });
});

describe("delete", () => {
  test("wants the client inactive first, and takes its tokens along", async () => {
    const { id, secret } = sandbox.addClient({ name: "orders" });
    const token = (await logIn(sandbox, id, secret)).body.access_token;
    const refused = await api("DELETE", `${CLIENTS}/${id}`);
    expect([refused.status, refused.body]).toEqual([409, errorBody(409, "conflict")]);
    await api("PUT", `${CLIENTS}/${id}`, { ...REQUEST, state: "inactive" });
    expect((await api("DELETE", `${CLIENTS}/${id}`)).status).toBe(204);
    expect((await api("GET", `${CLIENTS}/${id}`)).status).toBe(404);
    expect((await logIn(sandbox, id, secret)).body.error).toBe("invalid_client");
    expect((await apiWith(sandbox, token)("GET", "/api/v2/tokens/me")).status).toBe(401);
    expect(sandbox.everySecretEver()).toContainEqual({ clientId: id, secret });
  });
});

test.each([
  ["GET", ""],
  ["PUT", ""],
  ["DELETE", ""],
  ["POST", "/secret"],
])("%s of a client that is not there%s is not found", async (method, suffix) => {
  const { status, body } = await api(method, `${CLIENTS}/6f9619ff-8b86-4d01-b42d-00cf4fc964ff${suffix}`);
  expect([status, body]).toEqual([404, errorBody(404, "not.found")]);
});
