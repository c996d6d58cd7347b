import { type Sandbox, startSandbox } from "../../../../sandbox/org";
import type { Reply } from "../../../../scripts/genesys/reply";
import type { GenesysCall } from "../../../../scripts/genesys/session";
import { unlistedCredentials } from "../../../../scripts/stores/genesys-credential/unlisted-credentials";
import { parseStoreUri } from "../../../../scripts/stores/uri";
import { oneClient } from "../../../helpers/one-client";
import type { ProgramResult } from "../../../helpers/program";
import { describeStore } from "../../../helpers/store-conformance";
import { keptAttribute, type Outcome, refusedWrite } from "../../../helpers/store-rows";

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

  test("the integration logs in with the new secret", async () => {
    const id = await addCredential(one.sandbox, "Orders integration");
    expect(await regenerate(id)).toMatchObject({ code: 0 });
    expect(one.sandbox.credentialFields(id)).toEqual({
      clientId: one.id,
      clientSecret: one.sandbox.liveSecret(one.id),
    });
  });

  for (const attribute of ["name", "type"] as const)
    keptAttribute("genesys-credential", `the ${attribute} of the credential`, async () => {
      const id = await addCredential(one.sandbox, "Orders integration: the web team's, ü");
      const call = await callAs(one.sandbox);
      const shown = async (): Promise<unknown> => {
        const answer = await call({ method: "GET", path: `${CREDENTIALS}/${id}` });
        return (answer as { body: Record<string, unknown> }).body[attribute];
      };
      const before = await shown();
      expect(before).toBeDefined();
      for (let run = 0; run < 2; run += 1) expect(await regenerate(id)).toMatchObject({ code: 0 });
      expect(await shown()).toEqual(before);
    });

  keptAttribute("genesys-credential", "other credentials of the org", async () => {
    const theirs = { clientId: "theirs", clientSecret: "the-secret-of-theirs" };
    const other = await addCredential(one.sandbox, "Orders integration", "pureCloudOAuthClient", theirs);
    const id = await addCredential(one.sandbox, "Orders integration");
    expect(await regenerate(id)).toMatchObject({ code: 0 });
    expect(one.sandbox.credentialFields(other)).toEqual(theirs);
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

  /** Refused with 6 in these words: the old secret logs in, and the credential is what it was. */
  async function refused(id: string, words: string, environment = {}): Promise<Outcome> {
    const before = one.sandbox.credentialFields(id);
    const result = await regenerate(id, environment);
    one.expectNotReady(result, words);
    expect(one.accepts(one.bornWith)).toBe(true);
    expect(one.sandbox.credentialFields(id)).toEqual(before);
    return one.outcome(result);
  }

  const row = (condition: string, place: "exists" | "new" = "exists") =>
    ({ store: "genesys-credential", condition, place }) as const;

  for (const [missing, permissions] of [
    ["view", ["oauth:client:view", "oauth:client:edit"]],
    ["edit", ["oauth:client:view", "oauth:client:edit", "integrations:integration:view"]],
  ] as const)
    refusedWrite(row(`an admin without integrations:integration:${missing}`), async () => {
      const id = await addCredential(one.sandbox, "Orders integration");
      const weak = one.sandbox.addClient({ name: "weak admin", permissions });
      return refused(id, `lacks the permission integrations:integration:${missing} (403)`, {
        GENESYSCLOUD_OAUTHCLIENT_ID: weak.id,
        GENESYSCLOUD_OAUTHCLIENT_SECRET: weak.secret,
      });
    });

  refusedWrite(row("a credential that is not there: none is made", "new"), () =>
    refused("00000000-0000-4000-8000-000000000000", "there is no such integration credential (404)"),
  );

  refusedWrite(row("a credential of another type"), async () => {
    const id = await addCredential(one.sandbox, "Orders DB", "basicAuth", { userName: "a", password: "b" });
    return refused(id, '"Orders DB" is of the type "basicAuth", not pureCloudOAuthClient');
  });

  for (const [condition, fault, words] of [
    ["an answer about another credential", { body: { id: "another" } }, "cannot be used"],
    ["a service that is down for good (503)", { status: 503 }, "Genesys Cloud answered 503"],
    ["a service that takes no writes for good (503)", { status: 503, method: "PUT" }, "answered 503"],
    ["writes that are limited in rate for good (429)", { status: 429, method: "PUT" }, "429"],
    ["a service that gives no answer", { drop: "before" }, "No answer"],
  ] as const)
    refusedWrite(row(condition), async () => {
      const id = await addCredential(one.sandbox, "Orders integration");
      one.sandbox.fault({ path: `${CREDENTIALS}/*`, times: Number.POSITIVE_INFINITY, ...fault });
      return refused(id, words);
    });

  describe("a write that fails after the call repeats nothing that the answer quotes, and running again heals", () => {
    for (const [condition, status, message] of [
      ["a write that is refused though the permission for it is there", 400, "Genesys Cloud answered 400"],
      ["a credential that is deleted after it was looked at", 404, "there is no such integration credential"],
    ] as const)
      refusedWrite({ ...row(condition), exit: 8, calls: 1 }, async () => {
        const id = await addCredential(one.sandbox, "Orders integration");
        const forget = one.sandbox.onRequest(({ path }) => {
          if (!path.endsWith("/secret")) return;
          one.sandbox.fault({
            method: "PUT",
            path: `${CREDENTIALS}/*`,
            status,
            times: 99,
            body: { message: "quoted" },
          });
        });
        const result = await regenerate(id);
        expect(result.stderr).toContain(message);
        expect(result.stderr).not.toContain("quoted");
        const outcome = one.outcome(result);
        forget();
        one.sandbox.clearFaults();
        expect(await regenerate(id)).toMatchObject({ code: 0 });
        expect(one.sandbox.credentialFields(id)?.clientSecret).toBe(one.sandbox.liveSecret(one.id));
        return outcome;
      });
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
