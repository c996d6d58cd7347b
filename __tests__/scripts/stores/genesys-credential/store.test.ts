import { type Sandbox, startSandbox } from "../../../../sandbox/org";
import type { Reply } from "../../../../scripts/genesys/reply";
import type { GenesysCall } from "../../../../scripts/genesys/session";
import { unlistedCredentials } from "../../../../scripts/stores/genesys-credential/unlisted-credentials";
import { parseStoreUri } from "../../../../scripts/stores/uri";
import { oneClient } from "../../../helpers/one-client";
import type { ProgramResult } from "../../../helpers/program";
import { describeStore } from "../../../helpers/store-conformance";

const CREDENTIALS = "/api/v2/integrations/credentials";
const SAME_SERVER = "its server is the org itself, which the tests of exit codes strike";

/** Calls the sandbox's API as its admin. */
async function callAs(sandbox: Sandbox): Promise<GenesysCall> {
  const { clientId, clientSecret } = sandbox.admin;
  const login = await fetch(`${sandbox.origin}/oauth/token`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
  const { access_token } = (await login.json()) as { access_token: string };
  return async ({ method, path, body }) => {
    const response = await fetch(sandbox.origin + path, {
      method,
      headers: { authorization: `Bearer ${access_token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { kind: "answer", status: response.status, headers: {}, body: await response.json() };
  };
}

/** @returns the id of a new integration credential */
async function addCredential(
  sandbox: Sandbox,
  name: string,
  type = "pureCloudOAuthClient",
  credentialFields: Record<string, string> = { clientId: "", clientSecret: "" },
): Promise<string> {
  const call = await callAs(sandbox);
  const answer = await call({
    method: "POST",
    path: CREDENTIALS,
    body: { name, type: { name: type }, credentialFields },
  });
  return (answer as { body: { id: string } }).body.id;
}

describeStore(
  "genesys-credential:",
  async (sandbox) => {
    const id = await addCredential(sandbox, "Orders integration");
    const weak = sandbox.addClient({
      name: "weak admin",
      permissions: ["oauth:client:view", "oauth:client:edit", "integrations:integration:view"],
    });
    const environment: Record<string, string> = {};
    return {
      uri: `genesys-credential:${id}`,
      environment,
      storeCredentials: [weak.secret],
      readSecret: () => sandbox.credentialFields(id)?.clientSecret || undefined,
      deny: () => {
        environment.GENESYSCLOUD_OAUTHCLIENT_ID = weak.id;
        environment.GENESYSCLOUD_OAUTHCLIENT_SECRET = weak.secret;
      },
      close: () => {},
    };
  },
  {
    read: "the API gives no fields back",
    document: "it holds the client's id and secret only",
    wrongCredentials: "its credentials are the admin's",
    stop: SAME_SERVER,
    redirect: SAME_SERVER,
    answerHuge: SAME_SERVER,
    answerBroken: SAME_SERVER,
    serveTls: SAME_SERVER,
  },
);

describe("genesys-credential:", () => {
  const one = oneClient({ environment: () => ({ GENESYS_SECRET_RETRY_TIMEOUT: "3" }) });

  const regenerate = (store: string, environment: Record<string, string> = {}): Promise<ProgramResult> =>
    one.regenerate(`genesys-credential:${store}`, environment);

  test("the integration logs in with the new secret, and its name is kept", async () => {
    const id = await addCredential(one.sandbox, "Orders integration");
    expect(await regenerate(id)).toMatchObject({ code: 0 });
    expect(one.sandbox.credentialFields(id)).toEqual({
      clientId: one.id,
      clientSecret: one.sandbox.liveSecret(one.id),
    });
    const call = await callAs(one.sandbox);
    expect(await call({ method: "GET", path: `${CREDENTIALS}/${id}` })).toMatchObject({
      body: { name: "Orders integration", type: { name: "pureCloudOAuthClient" } },
    });
  });

  test("of twins it gets the id of the one in use together with its secret", async () => {
    const id = await addCredential(one.sandbox, "Orders integration");
    const environment = {
      TARGET_TWIN_ID: one.sandbox.addClient({ name: "twin" }).id,
      SECRET_STORES: `file:./orders.json\ngenesys-credential:${id}`,
    };
    const turns: (string | undefined)[] = [];
    for (const rotation of ["1", "2"]) {
      const result = await one.run(
        ["regenerate", "--client-id", one.id, "--rotation", rotation],
        environment,
      );
      expect(result).toMatchObject({ code: 0 });
      const { client_id, client_secret } = one.document("orders.json");
      expect(one.sandbox.credentialFields(id)).toEqual({ clientId: client_id, clientSecret: client_secret });
      turns.push(client_id);
    }
    expect(turns).toEqual([one.id, environment.TARGET_TWIN_ID]);
  });

  test.each([
    ["view", ["oauth:client:view", "oauth:client:edit"]],
    ["edit", ["oauth:client:view", "oauth:client:edit", "integrations:integration:view"]],
  ])(
    "a run ends with 6 when the permission integrations:integration:%s is missing",
    async (missing, permissions) => {
      const id = await addCredential(one.sandbox, "Orders integration");
      const weak = one.sandbox.addClient({ name: "weak admin", permissions });
      const result = await regenerate(id, {
        GENESYSCLOUD_OAUTHCLIENT_ID: weak.id,
        GENESYSCLOUD_OAUTHCLIENT_SECRET: weak.secret,
      });
      expect(result).toMatchObject({
        code: 6,
        stderr: expect.stringContaining(`lacks the permission integrations:integration:${missing} (403)`),
      });
      expect(one.attempted()).toBe(0);
      expect(one.sandbox.credentialFields(id)).toEqual({ clientId: "", clientSecret: "" });
    },
  );

  test("a run ends with 6 when there is no such credential", async () => {
    expect(await regenerate("00000000-0000-4000-8000-000000000000")).toMatchObject({
      code: 6,
      stderr: expect.stringContaining("there is no such integration credential (404)"),
    });
    expect(one.attempted()).toBe(0);
  });

  test("a run ends with 6 for a credential of another type", async () => {
    const id = await addCredential(one.sandbox, "Orders DB", "basicAuth", { userName: "a", password: "b" });
    expect(await regenerate(id)).toMatchObject({
      code: 6,
      stderr: expect.stringContaining('"Orders DB" is of the type "basicAuth", not pureCloudOAuthClient'),
    });
    expect(one.attempted()).toBe(0);
  });

  test("a run ends with 6 for an answer that is none, and for a credential service that is down", async () => {
    const id = await addCredential(one.sandbox, "Orders integration");
    one.sandbox.fault({ path: `${CREDENTIALS}/*`, body: { id: "another" } });
    expect(await regenerate(id)).toMatchObject({
      code: 6,
      stderr: expect.stringContaining("cannot be used"),
    });
    one.sandbox.fault({ path: `${CREDENTIALS}/*`, status: 503, times: Number.POSITIVE_INFINITY });
    expect(await regenerate(id)).toMatchObject({
      code: 6,
      stderr: expect.stringContaining("Genesys Cloud answered 503"),
    });
    expect(one.attempted()).toBe(0);
  });

  test("a run ends with 8 when the service is down after the call, and repeats nothing that the answer quotes; running again heals", async () => {
    const id = await addCredential(one.sandbox, "Orders integration");
    const forget = one.sandbox.onRequest(({ path }) => {
      if (!path.endsWith("/secret")) return;
      one.sandbox.fault({
        method: "PUT",
        path: `${CREDENTIALS}/*`,
        status: 400,
        times: 99,
        body: { message: "quoted" },
      });
    });
    const result = await regenerate(id);
    expect(result).toMatchObject({ code: 8, stderr: expect.stringContaining("Genesys Cloud answered 400") });
    expect(result.stderr).not.toContain("quoted");
    forget();
    one.sandbox.clearFaults();
    expect(await regenerate(id)).toMatchObject({ code: 0 });
    expect(one.sandbox.credentialFields(id)?.clientSecret).toBe(one.sandbox.liveSecret(one.id));
  });

  test.each(["a/b", "", "a b", "../x"])("the id %j is refused", (id) => {
    expect(() => parseStoreUri(`genesys-credential:${id}`)).toThrow("letters, digits and hyphens");
  });
});

describe("unlisted credentials", () => {
  let sandbox: Sandbox;
  let call: GenesysCall;
  const client = { id: "5c1f7f1e-5d0c-4a39-9b1f-6f5f2d0d7a11", name: "Orders" };
  const names = (found: readonly { name: string }[]): string[] => found.map(({ name }) => name).sort();

  beforeEach(async () => {
    sandbox = await startSandbox({ pageSize: 2 });
    call = await callAs(sandbox);
  });

  afterEach(() => sandbox.close());

  test("are those named after the client, on any page, that no store names", async () => {
    for (const name of ["Orders", "x", "orders-prod", "reorders", "Orders2", "y", `for ${client.id}`])
      await addCredential(sandbox, name);
    await addCredential(sandbox, "Orders (database)", "basicAuth", { userName: "a", password: "b" });
    const listed = await addCredential(sandbox, "Orders too");
    const found = await unlistedCredentials(call, client, [
      parseStoreUri(`genesys-credential:${listed}`),
      parseStoreUri("file:./x.json"),
    ]);
    expect(names(found)).toEqual(["Orders", `for ${client.id}`, "orders-prod"]);
  });

  test("are found for a name with signs that mean something in a pattern, and not for an empty one", async () => {
    await addCredential(sandbox, "The a.b (c) one");
    await addCredential(sandbox, "axb (c)");
    expect(names(await unlistedCredentials(call, { id: "id-1", name: "a.b (c)" }, []))).toEqual([
      "The a.b (c) one",
    ]);
    expect(await unlistedCredentials(call, { id: "id-1", name: " " }, [])).toEqual([]);
  });

  test.each<[string, Reply]>([
    ["no permission", { kind: "answer", status: 403, headers: {}, body: {} }],
    ["an answer that is none", { kind: "answer", status: 200, headers: {}, body: { entities: 1 } }],
    ["no answer", { kind: "no answer", reason: "ECONNRESET", neverSent: false, untrusted: false }],
  ])("are none, and no fault, after %s", async (_title, answer) => {
    expect(await unlistedCredentials(async () => answer, client, [])).toEqual([]);
  });

  test("pages that go in circles or elsewhere come to an end", async () => {
    const paths: string[] = [];
    const entities = [{ id: "1", name: "Orders", type: { name: "pureCloudOAuthClient" } }];
    for (const nextUri of [
      `${CREDENTIALS}?pageSize=100`,
      "https://evil.example/",
      "//evil.example/x",
      "::",
    ]) {
      const found = await unlistedCredentials(
        async ({ path }) => {
          paths.push(path);
          return { kind: "answer", status: 200, headers: {}, body: { entities, nextUri } };
        },
        client,
        [],
      );
      expect(found).toHaveLength(1);
    }
    expect(new Set(paths)).toEqual(new Set([`${CREDENTIALS}?pageSize=100`]));
  });
});
