import { type Sandbox, type SandboxOptions, startSandbox } from "../../../sandbox/org";
import { apiOf, apiWith, call, logIn } from "./caller";

let sandbox: Sandbox;

async function start(options?: SandboxOptions): Promise<void> {
  sandbox = await startSandbox(options);
}

afterEach(async () => {
  jest.restoreAllMocks();
  await sandbox.close();
});

/** From here on the org's clock is ahead. */
function passSeconds(seconds: number): void {
  const real = Date.now;
  jest.spyOn(Date, "now").mockImplementation(() => real() + seconds * 1000);
}

const oauthError = (error: string) => ({
  error,
  description: expect.any(String),
  error_description: expect.any(String),
});

describe("client credentials", () => {
  test("the right secret gives a bearer token for as long as the client says", async () => {
    await start();
    const { status, headers, body } = await logIn(
      sandbox,
      sandbox.admin.clientId,
      sandbox.admin.clientSecret,
    );
    expect(status).toBe(200);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(body).toEqual({ access_token: expect.any(String), token_type: "bearer", expires_in: 86_400 });
    expect(sandbox.everyTokenEver()).toEqual([body.access_token]);
  });

  test("a wrong secret and a wrong id are invalid_client", async () => {
    await start();
    const wrongSecret = await logIn(sandbox, sandbox.admin.clientId, "wrong");
    const described = (description: string) => ({
      error: "invalid_client",
      description,
      error_description: description,
    });
    expect([wrongSecret.status, wrongSecret.body]).toEqual([400, described("authentication failed")]);
    const wrongId = await logIn(sandbox, "6f9619ff-8b86-4d01-b42d-00cf4fc964ff", sandbox.admin.clientSecret);
    expect([wrongId.status, wrongId.body]).toEqual([400, described("client not found: invalid clientId")]);
  });

  test.each([undefined, "Basic", "Basic !!!", "Basic bm9jb2xvbg==", "Bearer x"])(
    "%s is no login",
    async (authorization) => {
      await start();
      const headers: Record<string, string> = authorization ? { authorization } : {};
      const reply = await call(
        `${sandbox.origin}/oauth/token`,
        "POST",
        headers,
        "grant_type=client_credentials",
      );
      expect([reply.status, reply.body]).toEqual([401, oauthError("invalid_client")]);
    },
  );

  test.each(["inactive", "disabled"] as const)("an %s client does not log in", async (state) => {
    await start();
    const { id, secret } = sandbox.addClient({ name: "orders", state });
    const reply = await logIn(sandbox, id, secret);
    expect([reply.status, reply.body]).toEqual([400, oauthError("invalid_client")]);
    expect(sandbox.accepts(id, secret)).toBe(false);
  });

  test("need a grant type that is known", async () => {
    await start();
    const { clientId, clientSecret } = sandbox.admin;
    expect((await logIn(sandbox, clientId, clientSecret, "")).body).toEqual(oauthError("invalid_request"));
    expect((await logIn(sandbox, clientId, clientSecret, "grant_type=password")).body).toEqual(
      oauthError("unsupported_grant_type"),
    );
  });
});

describe("a CODE client", () => {
  const codeForm = "grant_type=authorization_code&code=void&redirect_uri=https%3A%2F%2Flocalhost";

  test("shows with a used code whether its secret is valid", async () => {
    await start();
    const { id, secret } = sandbox.addClient({ name: "web", grant: "CODE" });
    const alive = await logIn(sandbox, id, secret, codeForm);
    expect([alive.status, alive.body]).toEqual([400, oauthError("invalid_grant")]);
    const dead = await logIn(sandbox, id, "wrong", codeForm);
    expect([dead.status, dead.body]).toEqual([400, oauthError("invalid_client")]);
    const noCode = await logIn(sandbox, id, secret, "grant_type=authorization_code");
    expect(noCode.body).toEqual(oauthError("invalid_request"));
  });

  test("has no login of its own, nor a client-credentials client one by code", async () => {
    await start();
    const web = sandbox.addClient({ name: "web", grant: "CODE" });
    const service = sandbox.addClient({ name: "service" });
    const own = await logIn(sandbox, web.id, web.secret);
    expect([own.status, own.body]).toEqual([400, oauthError("unauthorized_client")]);
    expect(own.body.description).toBe("client is not authorized to use the client_credential grant type");
    expect((await logIn(sandbox, web.id, "wrong")).body).toEqual(oauthError("invalid_client"));
    const byCode = await logIn(sandbox, service.id, service.secret, codeForm);
    expect([byCode.status, byCode.body]).toEqual([400, oauthError("unauthorized_client")]);
  });
});

describe("tokens", () => {
  test("stop working when they expire", async () => {
    await start({ tokenSeconds: 60 });
    const api = await apiOf(sandbox);
    expect((await api("GET", "/api/v2/tokens/me")).status).toBe(200);
    passSeconds(61);
    expect((await api("GET", "/api/v2/tokens/me")).status).toBe(401);
  });

  test("are revoked by DELETE tokens/me, and only the one that asks", async () => {
    await start();
    const [first, second] = [await apiOf(sandbox), await apiOf(sandbox)];
    expect((await first("DELETE", "/api/v2/tokens/me")).status).toBe(204);
    expect((await first("GET", "/api/v2/tokens/me")).status).toBe(401);
    expect((await second("GET", "/api/v2/tokens/me")).status).toBe(200);
  });

  test("say who they are, and not of the built-in organization", async () => {
    await start();
    const { body } = await (await apiOf(sandbox))("GET", "/api/v2/tokens/me?preserveIdleTTL=false");
    expect(body.OAuthClient).toMatchObject({ id: sandbox.admin.clientId, name: "Sandbox Admin" });
    expect(body.OAuthClient.organization.id).toBe(body.organization.id);
    expect(body.organization.id).not.toBe("purecloud-builtin");
  });

  test.each(["", "nonsense"])("a token of %p is refused", async (token) => {
    await start();
    expect((await apiWith(sandbox, token)("GET", "/api/v2/oauth/clients")).status).toBe(401);
  });
});

test("the login has a rate limit of its own, told by a 400 with fixed words", async () => {
  await start({ loginLimitPerMinute: 2 });
  const { clientId, clientSecret } = sandbox.admin;
  await logIn(sandbox, clientId, clientSecret);
  await logIn(sandbox, clientId, "wrong");
  const { status, body } = await logIn(sandbox, clientId, clientSecret);
  expect(status).toBe(400);
  expect(body.error).toBe("invalid_request");
  expect(body.error_description).toMatch(/^rate limit exceeded; /);
});

test("a login service that lags refuses the new secret for a moment, and the old one at once", async () => {
  await start({ loginLagMs: 60_000 });
  const { id, secret: old } = sandbox.addClient({ name: "orders" });
  expect((await logIn(sandbox, id, old)).status).toBe(200);
  const api = await apiOf(sandbox);
  const { secret } = (await api("POST", `/api/v2/oauth/clients/${id}/secret`)).body;
  expect((await logIn(sandbox, id, secret)).body.error).toBe("invalid_client");
  expect((await logIn(sandbox, id, old)).body.error).toBe("invalid_client");
  passSeconds(61);
  expect((await logIn(sandbox, id, secret)).status).toBe(200);
  expect((await logIn(sandbox, id, old)).body.error).toBe("invalid_client");
});
