import { type Sandbox, startSandbox } from "../../../sandbox/org";
import { type Api, apiOf, logIn } from "./caller";

let sandbox: Sandbox;
let api: Api;

beforeAll(async () => {
  sandbox = await startSandbox();
  api = await apiOf(sandbox);
});

afterAll(() => sandbox.close());

test("starting up gets a pool of tokens, the organization with a country, the products with a total", async () => {
  const { clientId, clientSecret } = sandbox.admin;
  const logins = await Promise.all(Array.from({ length: 11 }, () => logIn(sandbox, clientId, clientSecret)));
  expect(new Set(logins.map(({ body }) => body.access_token)).size).toBe(11);
  expect((await api("GET", "/api/v2/organizations/me")).body.defaultCountryCode).toBe("US");
  const { total, entities } = (await api("GET", "/api/v2/authorization/products")).body;
  expect(entities).toHaveLength(total);
  for (const { id } of entities) expect(id).toEqual(expect.any(String));
});

test("create, read, update and destroy work in the provider's order", async () => {
  expect(
    (await api("GET", "/api/v2/tokens/me?preserveIdleTTL=false")).body.OAuthClient.organization.id,
  ).toBeTruthy();
  const divisionId = (await api("GET", "/api/v2/authorization/divisions/home")).body.id;
  const request = {
    name: "Terraform-Managed-CI-Client",
    description: "",
    accessTokenValiditySeconds: 86_400,
    authorizedGrantType: "CLIENT-CREDENTIALS",
    state: "active",
    roleDivisions: [{ roleId: sandbox.roles[0]?.id, divisionId }],
  };
  const { id } = (await api("POST", "/api/v2/oauth/clients", request)).body;
  const path = `/api/v2/oauth/clients/${id}`;
  expect((await api("GET", path)).body).toMatchObject(request);
  await api("PUT", path, { ...request, description: "changed" });
  expect((await api("GET", path)).body).toMatchObject({ ...request, description: "changed" });
  await api("PUT", path, { ...request, state: "inactive" });
  expect((await api("GET", path)).body.state).toBe("inactive");
  await api("DELETE", path);
  expect((await api("GET", path)).status).toBe(404);
});

describe("data sources", () => {
  test.each(["Master Admin", "Admin", "employee"])("the role %s is found by its name", async (name) => {
    const query = new URLSearchParams({ pageSize: "100", pageNumber: "1", name, userCount: "false" });
    const { body } = await api("GET", `/api/v2/authorization/roles?${query}`);
    const found = body.entities.find((role: { name: string }) => role.name === name);
    expect(found.id).toBe(sandbox.roles.find((role) => role.name === name)?.id);
  });

  test("a role that is not there gives an empty list", async () => {
    const { body } = await api("GET", "/api/v2/authorization/roles?name=nobody");
    expect(body).toMatchObject({ entities: [], total: 0, pageCount: 0 });
  });

  test("a division is found by its name, and the home division by what it is", async () => {
    const { body } = await api("GET", "/api/v2/authorization/divisions?pageSize=100&name=Marketing");
    expect(body.entities).toMatchObject([{ name: "Marketing", homeDivision: false }]);
    const home = (await api("GET", "/api/v2/authorization/divisions/home")).body;
    expect(home).toMatchObject({ name: "Home", homeDivision: true });
    expect(home.id).toBe(sandbox.divisions.find(({ homeDivision }) => homeDivision)?.id);
  });
});
