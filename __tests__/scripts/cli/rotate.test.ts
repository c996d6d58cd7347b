import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { entry, Fleet, isSecretCall, rowsOf } from "../../helpers/fleet";
import { adminToken } from "../../torture/admin-token";

let fleet: Fleet;
afterEach(() => fleet.end());

describe("a fleet", () => {
  test("is rotated by names and ids, on one token, one listing and one call a client", async () => {
    fleet = await Fleet.start({ pageSize: 10 });
    const { ids, entries } = fleet.clients(24);
    const imported = fleet.sandbox.addClient({ name: "imported" }).id;
    fleet.write([...entries, { ...entry("x"), name: undefined, clientId: imported }]);
    const result = await fleet.rotate();
    expect(result).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^25 clients in .*\n +25 {2}regenerated\n$/),
    });
    for (const [index, id] of ids.entries()) expect(fleet.isLive(id, `service-${index}`)).toBe(true);
    expect(fleet.isLive(imported, "x")).toBe(true);
    expect([...ids, imported].map((id) => fleet.rotations(id))).toEqual(Array(25).fill(1));

    const counted = fleet.counted();
    expect(counted.filter(isSecretCall)).toHaveLength(25);
    // Three pages of clients (the admin's own among them), one of credentials, and the token's revocation.
    expect(counted.filter((call) => !isSecretCall(call)).map(({ path }) => path)).toEqual([
      "/api/v2/oauth/clients",
      "/api/v2/oauth/clients",
      "/api/v2/oauth/clients",
      "/api/v2/integrations/credentials",
      "/api/v2/tokens/me",
    ]);
    const logins = fleet.sandbox.journal.filter(({ path }) => path === "/oauth/token");
    expect(logins.filter(({ clientId }) => clientId === fleet.sandbox.admin.clientId)).toHaveLength(1);
    // Each login of the verification gave its token back.
    expect(fleet.sandbox.journal.filter(({ method }) => method === "DELETE")).toHaveLength(26);
    expect(
      readdirSync(join(fleet.folder, "stack")).filter((name) => !/^(service-\d+|x)\.json$/.test(name)),
    ).toEqual(["genesys-secret.manifest.json"]);
    expect(readdirSync(join(fleet.folder, "elsewhere"))).toEqual([]);
  });

  test("keeps what the stack wrote: the rotation id, and the stores as it names them", async () => {
    fleet = await Fleet.start();
    fleet.clients(1);
    const stores = ["file:../stack/service-0.json", "file:./copy.json"];
    fleet.write([entry("service-0", { stores, rotation: "version:2026-07" })]);
    expect((await fleet.rotate()).code).toBe(0);
    expect(fleet.stored("service-0")).toMatchObject({
      rotation: "version:2026-07 (outside Terraform)",
      stores,
    });
    expect(fleet.stored("copy")).toMatchObject({ rotation: "version:2026-07 (outside Terraform)", stores });
  });

  test("is told as JSON, a row a client, on request", async () => {
    fleet = await Fleet.start();
    const { entries, ids } = fleet.clients(2);
    fleet.write([...entries, entry("absent")]);
    const { code, stdout, stderr } = await fleet.rotate(["--json"]);
    expect(code).toBe(8);
    expect(JSON.parse(stdout)).toMatchObject({
      command: "rotate",
      interrupted: null,
      counts: { regenerated: 2, failed: 1 },
    });
    const byName = new Map(JSON.parse(stdout).clients.map((row: { name: string }) => [row.name, row]));
    expect(byName.get("service-1")).toEqual({
      name: "service-1",
      client_id: ids[1],
      idle: null,
      outcome: "regenerated",
      secret: "changed",
      reason: "it was asked for",
      stores: [{ uri: "file:./service-1.json", holds: "verified" }],
      verified: true,
      error: null,
    });
    expect(byName.get("absent")).toMatchObject({
      client_id: null,
      outcome: "failed",
      secret: "not changed",
      error: { code: "ERR_CLIENT_NOT_FOUND", exit: 5 },
    });
    expect(stderr).toContain("3 clients in ");
  });

  test("is told in plain lines where there is no terminal, and its failures in 80 columns", async () => {
    fleet = await Fleet.start();
    const { entries } = fleet.clients(2);
    fleet.write([...entries, entry("a-client-with-quite-a-long-name-that-nobody-has-ever-given-to-one")]);
    const { stdout, stderr } = await fleet.rotate();
    expect(stderr).toMatch(/^\[\d\/3\] service-0: regenerated$/m);
    expect(stderr).toMatch(/^\[\d\/3\] a-client-.*: failed, ERR_CLIENT_NOT_FOUND: No OAuth client is named/m);
    expect(stdout).toContain("what happened, and what to do next");
    expect(stdout.replace(/\s+/g, " ")).toMatch(/Do next: Check the name .*the region, then/);
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
    expect(stdout + stderr).not.toMatch(/\u001b/);
  });

  test("warns of an integration credential that would break, from one listing", async () => {
    fleet = await Fleet.start();
    const { entries } = fleet.clients(3);
    const { origin } = fleet.sandbox;
    const token = await adminToken(fleet.sandbox);
    await fetch(`${origin}/api/v2/integrations/credentials`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({
        name: "service-1 webhook",
        type: { name: "pureCloudOAuthClient" },
        credentialFields: { clientId: "x", clientSecret: "x" },
      }),
    });
    fleet.write(entries);
    const { stderr } = await fleet.rotate();
    expect(stderr).toContain(
      'Warning: service-1: the integration credential "service-1 webhook" seems to hold',
    );
    expect(stderr.match(/seems to hold/g)).toHaveLength(1);
  });

  test("whose clients ask for it has a command run after each, in the manifest's folder, with no credential", async () => {
    fleet = await Fleet.start();
    const { entries } = fleet.clients(2);
    const script =
      'require("fs").writeFileSync(process.argv[1], JSON.stringify(Object.values(process.env)) + process.cwd())';
    fleet.write([
      { ...entries[0], then: [process.execPath, "-e", script, "then.txt"] },
      { ...entries[1], then: [process.execPath, "-e", "process.exit(3)"] },
    ]);
    const { code, stderr } = await fleet.rotate();
    expect(code).toBe(0);
    const seen = readFileSync(join(fleet.folder, "stack", "then.txt"), "utf8");
    expect(seen).toContain(join(fleet.folder, "stack"));
    fleet.expectDiscreet({ stdout: "", stderr: "" }, seen);
    expect(stderr).toMatch(/Warning: service-1: .* ended with 3: the secret was replaced/);
  });
});

describe("a client that fails", () => {
  test("fails alone: exit 8, the others are done; running again does only what is left", async () => {
    fleet = await Fleet.start();
    const { ids, entries } = fleet.clients(4);
    fleet.sandbox.addClient({ name: "twin" });
    fleet.sandbox.addClient({ name: "twin" });
    fleet.sandbox.addClient({ name: "idle", state: "inactive" });
    fleet.sandbox.addClient({ name: "browser", grant: "TOKEN" });
    const refused = fleet.sandbox.addClient({ name: "refused" }).id;
    const broken = fleet.sandbox.addClient({ name: "broken" }).id;
    mkdirSync(join(fleet.folder, "stack", "folder.json"));
    fleet.sandbox.addClient({ name: "folder" });
    fleet.sandbox.fault({ path: `/api/v2/oauth/clients/${refused}/secret`, status: 409, body: {} });
    const works = join(fleet.folder, "stack", "works");
    fleet.write([
      ...entries,
      entry("absent"),
      entry("TWIN"),
      entry("twin"),
      entry("idle"),
      entry("browser"),
      entry("refused"),
      entry("broken", { stores: [`command:["sh","-c","test -f ${works}"]`, "file:./broken.json"] }),
      entry("folder"),
      { clientId: "3f0e8c1a-0000-4000-8000-000000000000", stores: ["file:./unknown.json"], rotation: "1" },
      { clientId: fleet.sandbox.admin.clientId, stores: ["file:./admin.json"], rotation: "1" },
    ]);
    const first = await fleet.rotate(["--json"], { GENESYS_SECRET_RETRY_TIMEOUT: "1" });
    expect(first.code).toBe(8);
    const failures = new Map(
      rowsOf(first.stdout).map(({ name, error }) => [name, error && [error.code, error.exit]]),
    );
    expect(Object.fromEntries(failures)).toEqual({
      "service-0": null,
      "service-1": null,
      "service-2": null,
      "service-3": null,
      absent: ["ERR_CLIENT_NOT_FOUND", 5],
      TWIN: ["ERR_CLIENT_NOT_FOUND", 5],
      twin: ["ERR_CLIENT_AMBIGUOUS", 5],
      idle: ["ERR_CLIENT_INACTIVE", 5],
      browser: ["ERR_CLIENT_GRANT", 5],
      refused: ["ERR_CLIENT_REFUSED", 5],
      broken: ["ERR_NOT_STORED", 8],
      folder: ["ERR_STORE_NOT_READY", 6],
      "3f0e8c1a-0000-4000-8000-000000000000": ["ERR_CLIENT_NOT_FOUND", 5],
      "Sandbox Admin": ["ERR_CLIENT_IS_ADMIN", 5],
    });
    const journal = readFileSync(`${fleet.manifest}.progress`, "utf8");
    expect(ids.every((id) => journal.includes(id))).toBe(true);
    expect(journal).not.toContain(broken);
    fleet.expectDiscreet(first, journal, readFileSync(fleet.manifest, "utf8"));

    writeFileSync(works, "");
    const second = await fleet.rotate(["--json"]);
    expect(second.stderr).toMatch(/^Resuming the run of \d{4}-.*Z: 4 already done; --fresh starts anew$/m);
    expect(JSON.parse(second.stdout).counts).toEqual({ regenerated: 2, "done before": 4, failed: 8 });
    expect(ids.map((id) => fleet.rotations(id))).toEqual([1, 1, 1, 1]);
    expect([fleet.rotations(refused), fleet.rotations(broken)]).toEqual([1, 2]);
    expect(fleet.isLive(broken, "broken")).toBe(true);
  });

  test("does not hold the others up while it tries again", async () => {
    fleet = await Fleet.start();
    const { ids, entries } = fleet.clients(6);
    const slow = join(fleet.folder, "stack", "slow");
    // Until the journal has its first line and one for each of the five others.
    const journal = "genesys-secret.manifest.json.progress";
    writeFileSync(slow, `#!/bin/sh\nuntil [ "$(wc -l < ${journal})" -ge 6 ]; do sleep 0.1; done\n`);
    chmodSync(slow, 0o755);
    const [first, ...others] = entries;
    fleet.write([{ ...first, stores: ['command:["./slow"]', "file:./service-0.json"] }, ...others]);
    const running = fleet.start(["--concurrency", "1"]);
    const order: string[] = [];
    running.child.stderr?.on("data", (chunk: Buffer) =>
      order.push(
        ...[...chunk.toString().matchAll(/(service-\d): regenerated/g)].map(([, name]) => name as string),
      ),
    );
    expect((await running.result).code).toBe(0);
    expect(order.at(-1)).toBe("service-0");
    expect(order).toHaveLength(6);
    expect(fleet.isLive(ids[0] as string, "service-0")).toBe(true);
  });
});
