import { ApiClient } from "../../../sandbox/providers/genesyscloud/api-client";
import { dataSources } from "../../../sandbox/providers/genesyscloud/data-sources";
import { updateCredential } from "../../../sandbox/providers/genesyscloud/oauth-client/credential";
import { oauthClient } from "../../../sandbox/providers/genesyscloud/oauth-client/resource";
import { Session } from "../../../sandbox/providers/genesyscloud/session";
import { type Received, type Reply, startLocalApi } from "./local-api";

let api: Awaited<ReturnType<typeof startLocalApi>>;
let answer: (request: Received) => Reply | "hang up";

const ok = (body: object): Reply => ({ status: 200, body });
const refusal = (status: number, message: string): Reply => ({
  status,
  body: { message, contextId: "ctx-1" },
});
/** The answers that configuring needs; null for what is not one of these. */
const greeting = ({ url }: Received): Reply | null => {
  if (url === "/oauth/token") return ok({ access_token: "token" });
  if (url === "/api/v2/organizations/me") return ok({ defaultCountryCode: "US" });
  if (url === "/api/v2/authorization/products") return ok({ total: 0, entities: [] });
  return null;
};
const open = (poolSize = 1) =>
  Session.open({ api: api.origin, login: api.origin, credentials: { id: "admin", secret: "s" }, poolSize });

beforeEach(async () => {
  api = await startLocalApi((request) => answer(request));
});

afterEach(() => api.close());

describe("configuring", () => {
  test("asks for tokens with Basic authorization and a form", async () => {
    answer = (request) => greeting(request) ?? refusal(404, "no");
    await open();
    expect(api.received[0]).toEqual({
      method: "POST",
      url: "/oauth/token",
      authorization: `Basic ${Buffer.from("admin:s").toString("base64")}`,
      body: "grant_type=client_credentials",
    });
  });

  test("stops at the first token that is refused", async () => {
    answer = () => ({
      status: 400,
      body: { error: "invalid_client", error_description: "client not found" },
    });
    await expect(open(10)).rejects.toThrow("Auth Error: 400 - invalid_client (client not found)");
    expect(api.received).toHaveLength(1);
  });

  test("waits when the login service is over its rate limit", async () => {
    let refused = false;
    answer = (request) => {
      if (request.url !== "/oauth/token" || refused) return greeting(request) ?? refusal(404, "no");
      refused = true;
      return {
        status: 400,
        body: { error: "invalid_request", error_description: "rate limit exceeded; wait" },
      };
    };
    await open();
    expect(refused).toBe(true);
  });

  test("insists on the country code without which the real provider crashes", async () => {
    answer = (request) =>
      request.url === "/api/v2/organizations/me" ? ok({}) : (greeting(request) ?? ok({}));
    await expect(open()).rejects.toThrow("defaultCountryCode");
  });
});

describe("calls", () => {
  test("a refusal tells the API's message and contextId, and no token", async () => {
    answer = () => refusal(403, "missing oauth:client:add");
    const failure = await new ApiClient(api.origin, "t0ken").call("GET", "/x").catch((error: Error) => error);
    expect(String(failure)).toContain("API Error: 403 - missing oauth:client:add (ctx-1)");
    expect(JSON.stringify(failure)).not.toContain("t0ken");
  });

  test("a transient refusal is repeated", async () => {
    answer = () =>
      api.received.length === 1 ? { status: 429, headers: { "retry-after": "1" } } : ok({ id: "1" });
    await expect(new ApiClient(api.origin, "t").call("GET", "/x")).resolves.toEqual({ id: "1" });
    expect(api.received).toHaveLength(2);
  });

  test("no answer is a failure that names the call", async () => {
    answer = () => "hang up";
    await expect(new ApiClient(api.origin, "t").call("POST", "/x")).rejects.toThrow("POST /x: ");
    expect(api.received).toHaveLength(1);
  });
});

describe("genesyscloud_oauth_client", () => {
  test("a client that exists but could not be read is remembered", async () => {
    answer = (request) => {
      if (request.url.startsWith("/api/v2/tokens/me"))
        return ok({ OAuthClient: { organization: { id: "org" } } });
      if (request.method === "POST" && request.url === "/api/v2/oauth/clients")
        return ok({ id: "1", secret: "s" });
      return greeting(request) ?? refusal(400, "out of order");
    };
    const kept: unknown[] = [];
    const planned = { name: "n", authorized_grant_type: "CODE", roles: [], expose_client_secret: false };
    const creation = oauthClient.create(await open(), planned, (state) => kept.push(state));
    await expect(creation).rejects.toThrow("out of order (ctx-1)");
    expect(kept).toEqual([expect.objectContaining({ id: "1", client_secret: "" })]);
  });

  test("a user's token is refused before anything is created", async () => {
    answer = (request) =>
      request.url.startsWith("/api/v2/tokens/me")
        ? ok({ OAuthClient: { organization: { id: "purecloud-builtin" } } })
        : (greeting(request) ?? refusal(404, "no"));
    const creation = oauthClient.create(await open(), { name: "n", roles: [] }, () => {});
    await expect(creation).rejects.toThrow("user's token");
    expect(api.received.some(({ url }) => url === "/api/v2/oauth/clients")).toBe(false);
  });

  test("an update puts an empty secret into the credential, as the real 1.82.0 does", async () => {
    answer = () => ok({ id: "cred", name: "orders" });
    const planned = { integration_credential_id: "cred", integration_credential_name: "orders" };
    await updateCredential(new ApiClient(api.origin, "t"), { id: "1" }, planned);
    expect(JSON.parse(api.received.at(-1)?.body ?? "")).toEqual({
      name: "orders",
      type: { name: "pureCloudOAuthClient" },
      credentialFields: { clientId: "1", clientSecret: "" },
    });
  });
});

describe("genesyscloud_auth_role", () => {
  const pages: Record<string, object> = {
    "1": { entities: [{ id: "1", name: "Admin" }], pageCount: 2 },
    "2": { entities: [{ id: "2", name: "admin" }], pageCount: 2 },
  };

  beforeEach(() => {
    answer = (request) => {
      const { pathname, searchParams } = new URL(request.url, api.origin);
      if (pathname !== "/api/v2/authorization/roles") return greeting(request) ?? refusal(404, "no");
      return ok(pages[searchParams.get("pageNumber") ?? ""] ?? {});
    };
  });

  test("is found by its exact name, on any page", async () => {
    const found = await dataSources.genesyscloud_auth_role?.read(await open(), { name: "admin", id: null });
    expect(found).toEqual({ name: "admin", id: "2" });
  });

  test("is not found by another name", async () => {
    const reading = dataSources.genesyscloud_auth_role?.read(await open(), { name: "nobody", id: null });
    await expect(reading).rejects.toThrow("Unable to locate authorization role with name nobody");
  });
});
