import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { lockSync } from "proper-lockfile";
import { limits, oneClient } from "../../helpers/one-client";
import type { ProgramResult } from "../../helpers/program";
import { MODES } from "./exit-codes";

describe.each(MODES)("before the call regenerate, %s,", (_, extra) => {
  const one = oneClient({ environment: () => ({ ...limits(1), ...extra }) });
  const regenerate = (args: string[], environment: Record<string, string> = {}): Promise<ProgramResult> =>
    one.run(["regenerate", ...args], environment);

  test("ends with 0 when the secret is regenerated, stored and verified; the old one is invalid", async () => {
    const result = await regenerate(one.target);
    expect(result).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('Done: the secret of "orders"'),
    });
    one.expectDiscreet(result);
    expect(one.accepted()).toBe(1);
    expect(one.accepts(one.stored())).toBe(true);
    expect(one.accepts(one.bornWith)).toBe(false);
  });

  test("takes variables that are not set from an env file; those that are set win", async () => {
    const { GENESYSCLOUD_OAUTHCLIENT_SECRET } = one.sandbox.environment;
    const lines = [
      `GENESYSCLOUD_OAUTHCLIENT_SECRET="${GENESYSCLOUD_OAUTHCLIENT_SECRET}"`,
      `TARGET_CLIENT_ID=${one.id}`,
      "GENESYSCLOUD_REGION=atlantis",
    ];
    writeFileSync(`${one.folder}/admin.env`, lines.join("\n"));
    const args = ["--store", "file:./orders.json", "--env-file", "./admin.env"];
    const result = await regenerate(args, { GENESYSCLOUD_OAUTHCLIENT_SECRET: "" });
    expect(result).toMatchObject({ code: 0, stderr: expect.stringContaining("Done:") });
    one.expectDiscreet(result);
    expect(one.accepts(one.stored())).toBe(true);
  });

  test("says in a dry run what it would do, and leaves nothing behind", async () => {
    const result = await regenerate([...one.target, "--dry-run"]);
    expect(result).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("Dry run: nothing was changed. A run would regenerate"),
    });
    one.expectDiscreet(result);
    expect(one.attempted()).toBe(0);
    expect(readdirSync(one.folder)).toEqual([]);
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
  ])("ends with 2 for %s", async (_title, args, environment, message) => {
    const result = await regenerate([...one.target, ...args], environment);
    expect(result).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
    one.expectDiscreet(result);
    expect(result.stderr).not.toContain("hunter2");
    expect(one.sandbox.journal).toEqual([]);
  });

  test("ends with 3 when the admin's secret is wrong", async () => {
    const result = await regenerate(one.target, {
      GENESYSCLOUD_OAUTHCLIENT_SECRET: "not-the-secret-of-anybody",
    });
    expect(result).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("refused the admin client (invalid_client"),
    });
    expect(result.stderr).toContain("Secret:    not changed");
    one.expectDiscreet(result);
    expect(one.attempted()).toBe(0);
  });

  test("ends with 3 when the access token is wrong", async () => {
    const result = await regenerate(one.target, { GENESYSCLOUD_ACCESS_TOKEN: "not-a-token" });
    expect(result).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("refused the admin token (401)"),
    });
    one.expectDiscreet(result);
    expect(one.attempted()).toBe(0);
  });

  test.each([
    ["view", []],
    ["edit", ["oauth:client:view"]],
  ])("ends with 4 when the permission oauth:client:%s is missing", async (missing, permissions) => {
    const weak = one.sandbox.addClient({ name: "weak admin", permissions });
    const result = await regenerate(one.target, {
      GENESYSCLOUD_OAUTHCLIENT_ID: weak.id,
      GENESYSCLOUD_OAUTHCLIENT_SECRET: weak.secret,
    });
    expect(result).toMatchObject({
      code: 4,
      stderr: expect.stringContaining(`lacks the permission oauth:client:${missing}`),
    });
    expect(result.stderr).toMatch(/Secret: {4}not changed[\s\S]*contextId: [0-9a-f-]{36}/);
    one.expectDiscreet(result);
    expect(one.accepted()).toBe(0);
    expect(one.accepts(one.bornWith)).toBe(true);
  });

  describe("ends with 5", () => {
    test("when there is no client of that id", async () => {
      const result = await regenerate([
        "--client-id",
        "00000000-0000-4000-8000-000000000000",
        "--store",
        "file:./orders.json",
      ]);
      expect(result).toMatchObject({ code: 5, stderr: expect.stringContaining("ERR_CLIENT_NOT_FOUND") });
      one.expectDiscreet(result);
      expect(one.attempted()).toBe(0);
    });

    test("when there is no client of that name, but one that differs in case, on a later page", async () => {
      await one.reopen({ pageSize: 2 });
      for (const name of ["a", "b", "c", "d", "ORDERS"]) one.sandbox.addClient({ name });
      const result = await regenerate(["--client-name", "Orders", "--store", "file:./orders.json"]);
      expect(result).toMatchObject({ code: 5, stderr: expect.stringContaining('there is "') });
      expect(result.stderr).toContain('"orders"');
      expect(result.stderr).toContain('"ORDERS"');
      one.expectDiscreet(result);
      expect(one.attempted()).toBe(0);
    });

    test("when there are several clients of that name, each listed by id", async () => {
      await one.reopen({ pageSize: 2 });
      const others = ["x", "orders", "y", "orders"].map((name) => one.sandbox.addClient({ name }));
      const result = await regenerate(["--client-name", "orders", "--store", "file:./orders.json"]);
      expect(result.code).toBe(5);
      for (const client of [one.id, others[1]?.id, others[3]?.id]) expect(result.stderr).toContain(client);
      one.expectDiscreet(result);
      expect(one.attempted()).toBe(0);
    });

    test.each([
      ["the admin's own client", () => one.sandbox.admin.clientId, "it is the admin client of this very run"],
      [
        "an inactive client",
        () => one.sandbox.addClient({ name: "idle", state: "inactive" }).id,
        "it is inactive",
      ],
      [
        "a client without a secret",
        () => one.sandbox.addClient({ name: "spa", grant: "TOKEN" }).id,
        "its grant is TOKEN",
      ],
    ])("for %s", async (_title, client, message) => {
      const result = await regenerate(["--client-id", client(), "--store", "file:./orders.json"]);
      expect(result).toMatchObject({ code: 5, stderr: expect.stringContaining(message) });
      one.expectDiscreet(result);
      expect(one.attempted()).toBe(0);
    });

    test("for the admin's own client, signed in with an access token", async () => {
      const answer = await fetch(`${one.sandbox.origin}/oauth/token`, {
        method: "POST",
        headers: {
          authorization: `Basic ${btoa(`${one.sandbox.admin.clientId}:${one.sandbox.admin.clientSecret}`)}`,
        },
        body: new URLSearchParams({ grant_type: "client_credentials" }),
      });
      const { access_token } = (await answer.json()) as { access_token: string };
      const result = await regenerate(
        ["--client-id", one.sandbox.admin.clientId, "--store", "file:./orders.json"],
        {
          GENESYSCLOUD_ACCESS_TOKEN: access_token,
        },
      );
      expect(result).toMatchObject({
        code: 5,
        stderr: expect.stringContaining("it is the admin client of this very run"),
      });
      one.expectDiscreet(result);
    });

    test("when id and name do not belong together", async () => {
      const result = await regenerate([...one.target, "--client-name", "invoices"]);
      expect(result).toMatchObject({
        code: 5,
        stderr: expect.stringContaining('is named "orders", not "invoices"'),
      });
      one.expectDiscreet(result);
      expect(one.attempted()).toBe(0);
    });
  });

  describe("ends with 6", () => {
    test.each([
      ["a store that holds something else", "not JSON at all", "holds something that is not a JSON object"],
      ["a store that holds a list", "[1]", "holds something that is not a JSON object"],
    ])("for %s", async (_title, content, message) => {
      writeFileSync(one.path("orders.json"), content, { mode: 0o600 });
      const result = await regenerate(one.target);
      expect(result).toMatchObject({ code: 6, stderr: expect.stringContaining(message) });
      one.expectDiscreet(result);
      expect(one.attempted()).toBe(0);
      expect(readFileSync(one.path("orders.json"), "utf8")).toBe(content);
    });

    test.each([
      ["a store that cannot be written", "file:/dev/null/orders.json", "a part of its path is not a folder"],
      ["a store that is a folder", "file:/tmp", "not a regular file"],
      ["a folder that the system never makes", "file:/proc/none/orders.json", "it cannot be written (E"],
      ["a program that is not there", 'command:["no-such-program"]', "Is it installed?"],
    ])("for %s, though another one is ready", async (_title, store, message) => {
      const result = await regenerate([...one.target, "--store", store]);
      expect(result).toMatchObject({ code: 6, stderr: expect.stringContaining(message) });
      one.expectDiscreet(result);
      expect(one.attempted()).toBe(0);
      expect(readdirSync(one.folder)).toEqual([]);
    });

    test("for a store that is locked by another run", async () => {
      const unlock = lockSync(one.path("orders.json"), { realpath: false, update: 1000, stale: 3_600_000 });
      const result = await regenerate(one.target);
      unlock();
      expect(result).toMatchObject({ code: 6, stderr: expect.stringContaining("ERR_STORE_LOCKED") });
      one.expectDiscreet(result);
      expect(one.attempted()).toBe(0);
    });
  });

  describe("ends with 7", () => {
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
    ])("for %s", async (_title, fault, message) => {
      one.sandbox.fault(fault);
      const result = await regenerate(one.target);
      expect(result).toMatchObject({ code: 7, stderr: expect.stringContaining(message) });
      expect(result.stderr).toContain("Secret:    not changed");
      one.expectDiscreet(result);
      expect(one.attempted()).toBe(0);
    });

    test("when nobody listens", async () => {
      await one.sandbox.close();
      const result = await regenerate(one.target);
      expect(result).toMatchObject({
        code: 7,
        stderr: expect.stringContaining("No answer from Genesys Cloud (ECONNREFUSED)"),
      });
      one.expectDiscreet(result);
    });
  });
});
