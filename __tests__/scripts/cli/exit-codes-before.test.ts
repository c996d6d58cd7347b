import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { lockSync } from "proper-lockfile";
import type { ProgramResult } from "../../helpers/program";
import {
  accepted,
  attempted,
  bornWith,
  expectDiscreet,
  folder,
  id,
  MODES,
  regenerate as regenerateWith,
  sandbox,
  start,
  stored,
  storePath,
  target,
} from "../../helpers/regeneration";

describe.each(MODES)("before the call: exit codes of regenerate, %s", (_, extra) => {
  const regenerate = (args: string[], environment: Record<string, string> = {}): Promise<ProgramResult> =>
    regenerateWith(args, { ...extra, ...environment });

  test("0: regenerated, stored, verified; the old secret is dead", async () => {
    await start();
    const result = await regenerate(target());
    expect(result).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('Done: the secret of "orders"'),
    });
    expectDiscreet(result);
    expect(accepted()).toBe(1);
    expect(sandbox.accepts(id, stored())).toBe(true);
    expect(sandbox.accepts(id, bornWith)).toBe(false);
  });

  test("0: variables that are not set come from an env file; those that are set win", async () => {
    await start();
    const { GENESYSCLOUD_OAUTHCLIENT_SECRET } = sandbox.environment;
    const lines = [
      `GENESYSCLOUD_OAUTHCLIENT_SECRET="${GENESYSCLOUD_OAUTHCLIENT_SECRET}"`,
      `TARGET_CLIENT_ID=${id}`,
      "GENESYSCLOUD_REGION=atlantis",
    ];
    writeFileSync(`${folder}/admin.env`, lines.join("\n"));
    const args = ["--store", "file:./orders.json", "--env-file", "./admin.env"];
    const result = await regenerate(args, { GENESYSCLOUD_OAUTHCLIENT_SECRET: "" });
    expect(result).toMatchObject({ code: 0, stderr: expect.stringContaining("Done:") });
    expectDiscreet(result);
    expect(sandbox.accepts(id, stored())).toBe(true);
  });

  test("0: a dry run says what it would do, and leaves nothing behind", async () => {
    await start();
    const result = await regenerate([...target(), "--dry-run"]);
    expect(result).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("Dry run: nothing was changed. A run would regenerate"),
    });
    expectDiscreet(result);
    expect(attempted()).toBe(0);
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each([
    ["an unknown region", ["--region", "atlantis"], {}, 'The region "atlantis" is unknown'],
    ["an unknown store", ["--store", "vauult:x"], {}, "its scheme is unknown; known are"],
    [
      "an unknown flag, its value not repeated",
      ["--client-secret=hunter2"],
      {},
      "unknown option '--client-secret'",
    ],
    ["no admin", [], { GENESYSCLOUD_OAUTHCLIENT_ID: "" }, "GENESYSCLOUD_OAUTHCLIENT_ID"],
    [
      "two regions",
      [],
      { GENESYS_CLOUD_REGION: "mypurecloud.ie" },
      "GENESYSCLOUD_REGION and GENESYS_CLOUD_REGION say different things",
    ],
    [
      "plain http to elsewhere",
      [],
      { GENESYSCLOUD_GATEWAY_HOST: "gateway.example" },
      "plain http goes to this machine only",
    ],
    [
      "stdout: under Terraform",
      ["--store", "stdout:"],
      { GENESYS_SECRET_UNDER_TERRAFORM: "1" },
      "cannot be used under Terraform",
    ],
    ["a missing env file", ["--env-file", "./none.env"], {}, "cannot be read (ENOENT)"],
  ])("2: %s", async (_title, args, environment, message) => {
    await start();
    const result = await regenerate([...target(), ...args], environment);
    expect(result).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
    expectDiscreet(result);
    expect(result.stderr).not.toContain("hunter2");
    expect(sandbox.journal).toEqual([]);
  });

  test("3: the admin's secret is wrong", async () => {
    await start();
    const result = await regenerate(target(), {
      GENESYSCLOUD_OAUTHCLIENT_SECRET: "not-the-secret-of-anybody",
    });
    expect(result).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("refused the admin client (invalid_client"),
    });
    expect(result.stderr).toContain("Secret:    not changed");
    expectDiscreet(result);
    expect(attempted()).toBe(0);
  });

  test("3: the access token is wrong", async () => {
    await start();
    const result = await regenerate(target(), { GENESYSCLOUD_ACCESS_TOKEN: "not-a-token" });
    expect(result).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("refused the admin token (401)"),
    });
    expectDiscreet(result);
    expect(attempted()).toBe(0);
  });

  test.each([
    ["view", []],
    ["edit", ["oauth:client:view"]],
  ])("4: the permission oauth:client:%s is missing", async (missing, permissions) => {
    await start();
    const weak = sandbox.addClient({ name: "weak admin", permissions });
    const result = await regenerate(target(), {
      GENESYSCLOUD_OAUTHCLIENT_ID: weak.id,
      GENESYSCLOUD_OAUTHCLIENT_SECRET: weak.secret,
    });
    expect(result).toMatchObject({
      code: 4,
      stderr: expect.stringContaining(`lacks the permission oauth:client:${missing}`),
    });
    expect(result.stderr).toMatch(/Secret: {4}not changed[\s\S]*contextId: [0-9a-f-]{36}/);
    expectDiscreet(result);
    expect(accepted()).toBe(0);
    expect(sandbox.accepts(id, bornWith)).toBe(true);
  });

  describe("5", () => {
    test("no client of that id", async () => {
      await start();
      const result = await regenerate([
        "--client-id",
        "00000000-0000-4000-8000-000000000000",
        "--store",
        "file:./orders.json",
      ]);
      expect(result).toMatchObject({ code: 5, stderr: expect.stringContaining("ERR_CLIENT_NOT_FOUND") });
      expectDiscreet(result);
      expect(attempted()).toBe(0);
    });

    test("no client of that name, but one that differs in case, on a later page", async () => {
      await start({ pageSize: 2 });
      for (const name of ["a", "b", "c", "d", "ORDERS"]) sandbox.addClient({ name });
      const result = await regenerate(["--client-name", "Orders", "--store", "file:./orders.json"]);
      expect(result).toMatchObject({ code: 5, stderr: expect.stringContaining('there is "') });
      expect(result.stderr).toContain('"orders"');
      expect(result.stderr).toContain('"ORDERS"');
      expectDiscreet(result);
      expect(attempted()).toBe(0);
    });

    test("several clients of that name, each listed by id", async () => {
      await start({ pageSize: 2 });
      const others = ["x", "orders", "y", "orders"].map((name) => sandbox.addClient({ name }));
      const result = await regenerate(["--client-name", "orders", "--store", "file:./orders.json"]);
      expect(result.code).toBe(5);
      for (const client of [id, others[1]?.id, others[3]?.id]) expect(result.stderr).toContain(client);
      expectDiscreet(result);
      expect(attempted()).toBe(0);
    });

    test.each([
      ["the admin's own client", () => sandbox.admin.clientId, "it is the admin client of this very run"],
      [
        "an inactive client",
        () => sandbox.addClient({ name: "idle", state: "inactive" }).id,
        "it is inactive",
      ],
      [
        "a client without a secret",
        () => sandbox.addClient({ name: "spa", grant: "TOKEN" }).id,
        "its grant is TOKEN",
      ],
    ])("%s", async (_title, client, message) => {
      await start();
      const result = await regenerate(["--client-id", client(), "--store", "file:./orders.json"]);
      expect(result).toMatchObject({ code: 5, stderr: expect.stringContaining(message) });
      expectDiscreet(result);
      expect(attempted()).toBe(0);
    });

    test("the admin's own client, signed in with an access token", async () => {
      await start();
      const answer = await fetch(`${sandbox.origin}/oauth/token`, {
        method: "POST",
        headers: {
          authorization: `Basic ${btoa(`${sandbox.admin.clientId}:${sandbox.admin.clientSecret}`)}`,
        },
        body: new URLSearchParams({ grant_type: "client_credentials" }),
      });
      const { access_token } = (await answer.json()) as { access_token: string };
      const result = await regenerate(
        ["--client-id", sandbox.admin.clientId, "--store", "file:./orders.json"],
        {
          GENESYSCLOUD_ACCESS_TOKEN: access_token,
        },
      );
      expect(result).toMatchObject({
        code: 5,
        stderr: expect.stringContaining("it is the admin client of this very run"),
      });
      expectDiscreet(result);
    });

    test("id and name that do not belong together", async () => {
      await start();
      const result = await regenerate([...target(), "--client-name", "invoices"]);
      expect(result).toMatchObject({
        code: 5,
        stderr: expect.stringContaining('is named "orders", not "invoices"'),
      });
      expectDiscreet(result);
      expect(attempted()).toBe(0);
    });
  });

  describe("6", () => {
    test.each([
      ["a store that holds something else", "not JSON at all", "holds something that is not a JSON object"],
      ["a store that holds a list", "[1]", "holds something that is not a JSON object"],
    ])("%s", async (_title, content, message) => {
      await start();
      writeFileSync(storePath(), content);
      const result = await regenerate(target());
      expect(result).toMatchObject({ code: 6, stderr: expect.stringContaining(message) });
      expectDiscreet(result);
      expect(attempted()).toBe(0);
      expect(readFileSync(storePath(), "utf8")).toBe(content);
    });

    test.each([
      ["a store that cannot be written", "file:/dev/null/orders.json", "a part of its path is not a folder"],
      ["a store that is a folder", "file:/tmp", "not a regular file"],
      ["a folder that the system never makes", "file:/proc/none/orders.json", "it cannot be written (E"],
      ["a program that is not there", 'command:["no-such-program"]', "Is it installed?"],
    ])("%s, though another one is ready", async (_title, store, message) => {
      await start();
      const result = await regenerate([...target(), "--store", store]);
      expect(result).toMatchObject({ code: 6, stderr: expect.stringContaining(message) });
      expectDiscreet(result);
      expect(attempted()).toBe(0);
      expect(readdirSync(folder)).toEqual([]);
    });

    test("a store locked by another run", async () => {
      await start();
      const unlock = lockSync(storePath(), { realpath: false, update: 1000, stale: 3_600_000 });
      const result = await regenerate(target());
      unlock();
      expect(result).toMatchObject({ code: 6, stderr: expect.stringContaining("ERR_STORE_LOCKED") });
      expectDiscreet(result);
      expect(attempted()).toBe(0);
    });
  });

  describe("7", () => {
    const forever = Number.POSITIVE_INFINITY;

    test.each([
      ["an API that is down", { path: "/api/*", times: forever, status: 503 }, "Genesys Cloud answered 503"],
      [
        "an API that limits the rate for an hour",
        { path: "/api/*", times: forever, status: 429, headers: { "Retry-After": "3600" } },
        "limits the rate",
      ],
      [
        "a login that limits the rate",
        {
          path: "/oauth/token",
          times: forever,
          status: 400,
          body: { error: "invalid_request", error_description: "rate limit exceeded; wait" },
        },
        "login service limits the rate",
      ],
      [
        "connections that are cut",
        { path: "/api/*", times: forever, drop: "before" as const },
        "No answer from Genesys Cloud (ECONNRESET)",
      ],
      [
        "a redirect to another host",
        { path: "/api/*", times: forever, status: 302, headers: { Location: "http://127.0.0.1:9/" } },
        "answered 302",
      ],
      [
        "an answer that is not JSON",
        { path: "/api/v2/oauth/clients/*", times: forever, body: "<html>" },
        "an answer that cannot be used",
      ],
    ])("%s", async (_title, fault, message) => {
      await start();
      sandbox.fault(fault);
      const result = await regenerate(target());
      expect(result).toMatchObject({ code: 7, stderr: expect.stringContaining(message) });
      expect(result.stderr).toContain("Secret:    not changed");
      expectDiscreet(result);
      expect(attempted()).toBe(0);
    });

    test("nobody listens", async () => {
      await start();
      await sandbox.close();
      const result = await regenerate(target());
      expect(result).toMatchObject({
        code: 7,
        stderr: expect.stringContaining("No answer from Genesys Cloud (ECONNREFUSED)"),
      });
      expectDiscreet(result);
    });
  });
});
