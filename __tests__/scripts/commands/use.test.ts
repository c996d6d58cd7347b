import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Sandbox, startSandbox } from "../../../sandbox/org";
import { findLeaks } from "../../helpers/leaks";
import { type ProgramResult, runProgram, startProgram } from "../../helpers/program";

let sandbox: Sandbox;
let folder: string;
let id: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "genesys-secret-test-"));
  sandbox = await startSandbox();
  ({ id } = sandbox.addClient({ name: "orders" }));
});

afterEach(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

const program = async (args: string[], environment: Record<string, string> = {}): Promise<ProgramResult> => {
  const limits = { GENESYS_SECRET_RETRY_TIMEOUT: "2", GENESYS_SECRET_VERIFY_TIMEOUT: "2" };
  const result = await runProgram(args, { ...sandbox.environment, ...limits, ...environment }, folder);
  const secrets = [...sandbox.everySecretEver().map(({ secret }) => secret), ...sandbox.everyTokenEver()];
  if (args[0] !== "run") expect(findLeaks(result.stdout + result.stderr, secrets)).toEqual([]);
  return result;
};
const path = (name: string): string => join(folder, name);
const store = (...names: string[]): string[] => names.flatMap((name) => ["--store", `file:./${name}`]);
const document = (name: string): Record<string, string> => JSON.parse(readFileSync(path(name), "utf8"));
const regenerations = (): number =>
  sandbox.journal.filter(
    ({ method, path: called, status }) => method === "POST" && /\/secret$/.test(called) && status === 200,
  ).length;
const regenerate = async (...names: string[]): Promise<void> => {
  expect(
    await program(["regenerate", "--client-id", id, "--rotation", "1", ...store(...names)]),
  ).toMatchObject({ code: 0 });
};

describe("verify", () => {
  // No admin: whoever may read the store may ask whether what it holds works.
  const noAdmin = { GENESYSCLOUD_OAUTHCLIENT_ID: "", GENESYSCLOUD_OAUTHCLIENT_SECRET: "" };

  test("0 and the client, when the stored secret logs in", async () => {
    await regenerate("a.json");
    const result = await program(["verify", ...store("a.json")], noAdmin);
    expect(result).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`file:./a.json: logs in, client ${id}`),
    });
  });

  test("10 when it is dead, absent, another client's or cannot be read back", async () => {
    await regenerate("a.json");
    await regenerate("b.json");
    const other = ["--store", 'command:["node","-e",""]'];
    const result = await program(
      ["verify", "--json", ...store("a.json", "b.json", "c.json"), ...other],
      noAdmin,
    );
    expect(result.code).toBe(10);
    expect(JSON.parse(result.stdout).stores.map(({ life }: { life: string }) => life)).toEqual([
      "dead",
      "alive",
      "nothing",
      "unknown",
    ]);
    expect(JSON.parse(result.stdout).stores[1]).toEqual({
      uri: "file:./b.json",
      life: "alive",
      client_id: id,
      regenerated_at: expect.stringMatching(/Z$/),
      reason: null,
    });
    expect(await program(["verify", "--client-id", "other", ...store("b.json")], noAdmin)).toMatchObject({
      code: 10,
    });
  });

  test("the secret of a CODE client counts as alive until it is invalid_client", async () => {
    const code = sandbox.addClient({ name: "web", grant: "CODE" });
    expect(await program(["regenerate", "--client-id", code.id, ...store("web.json")])).toMatchObject({
      code: 0,
    });
    expect(await program(["verify", ...store("web.json")], noAdmin)).toMatchObject({ code: 0 });
    writeFileSync(path("web.json"), JSON.stringify({ ...document("web.json"), client_secret: code.secret }));
    expect(await program(["verify", ...store("web.json")], noAdmin)).toMatchObject({ code: 10 });
  });

  test("leaves no token behind", async () => {
    await regenerate("a.json");
    await program(["verify", ...store("a.json")], noAdmin);
    const [login, revocation] = sandbox.journal.slice(-2);
    expect([login?.path, revocation?.method, revocation?.path]).toEqual([
      "/oauth/token",
      "DELETE",
      "/api/v2/tokens/me",
    ]);
  });
});

describe("run", () => {
  const printEnvironment = ["--", process.execPath, "-p", "JSON.stringify(process.env)"];

  test("the command has the client's credentials, and none of the admin or of a store", async () => {
    await regenerate("a.json");
    const result = await program(["run", ...store("a.json"), ...printEnvironment], {
      GENESYS_CLOUD_CLIENT_SECRET: sandbox.admin.clientSecret,
      GENESYS_CLOUD_CLIENT_ID: sandbox.admin.clientId,
      VAULT_TOKEN: "a-vault-token",
      AWS_SECRET_ACCESS_KEY: "an-aws-key",
      OTHER: "kept",
    });
    expect(result.code).toBe(0);
    const environment = JSON.parse(result.stdout);
    expect(environment).toMatchObject({
      GENESYSCLOUD_OAUTHCLIENT_ID: id,
      GENESYSCLOUD_OAUTHCLIENT_SECRET: sandbox.liveSecret(id),
      GENESYSCLOUD_REGION: "us-east-1",
      OTHER: "kept",
    });
    expect(findLeaks(result.stdout, [sandbox.admin.clientSecret, "a-vault-token", "an-aws-key"])).toEqual([]);
  });

  test("other names, and a store's credential passed on by name", async () => {
    await regenerate("a.json");
    const names = [
      "--id-variable",
      "APP_ID",
      "--secret-variable",
      "APP_SECRET",
      "--region-variable",
      "APP_REGION",
    ];
    const result = await program(
      ["run", ...store("a.json"), ...names, "--pass-env", "VAULT_TOKEN", ...printEnvironment],
      {
        VAULT_TOKEN: "a-vault-token",
      },
    );
    const environment = JSON.parse(result.stdout);
    expect(environment).toMatchObject({
      APP_ID: id,
      APP_SECRET: sandbox.liveSecret(id),
      APP_REGION: "us-east-1",
    });
    expect(environment.VAULT_TOKEN).toBe("a-vault-token");
    expect(environment.GENESYSCLOUD_OAUTHCLIENT_SECRET).toBeUndefined();
  });

  test("neither its own environment nor its arguments hold the secret while the command runs", async () => {
    await regenerate("a.json");
    const wait = ["--", process.execPath, "-e", "console.log('up'); setTimeout(() => {}, 60000)"];
    const { child, result } = startProgram(
      ["run", ...store("a.json"), ...wait],
      { ...sandbox.environment },
      folder,
    );
    await new Promise((resolve) => child.stdout?.once("data", resolve));
    for (const file of ["environ", "cmdline"]) {
      const own = existsSync("/proc") ? readFileSync(`/proc/${child.pid}/${file}`) : "";
      expect(findLeaks(own, [sandbox.liveSecret(id)])).toEqual([]);
    }
    child.kill("SIGTERM");
    expect(await result).toMatchObject({ code: 143 });
  });

  test.each([
    ["the command's exit code", ["--", "sh", "-c", "exit 7"], 7],
    ["arguments that look like flags of ours", ["--", "sh", "-c", "test $0 = --json", "--json"], 0],
    ["a command that is not there", ["--", "no-such-command"], 125],
  ])("%s", async (_, argv, code) => {
    await regenerate("a.json");
    expect(await program(["run", ...store("a.json"), ...argv])).toMatchObject({ code });
  });

  test("125 when no store has the secret; the next one is asked when the first has not", async () => {
    expect(await program(["run", ...store("none.json"), "--", process.execPath, "-e", ""])).toMatchObject({
      code: 125,
      stderr: expect.stringContaining("file:./none.json holds no secret of the client"),
    });
    await regenerate("a.json");
    expect(
      await program(["run", ...store("none.json", "a.json"), "--", process.execPath, "-e", ""]),
    ).toMatchObject({ code: 0 });
  });
});

describe("doctor", () => {
  test("0 and a table, when nothing is wrong", async () => {
    await regenerate("a.json", "b.json");
    const result = await program(["doctor", ...store("a.json", "b.json")]);
    expect(result.stderr).toBe("");
    expect(result.code).toBe(0);
    expect(result.stdout).toMatch(/^READY +HOLDS CLIENT +LOGS IN +AGE +ROTATION +STORE\n/);
    expect(result.stdout).toMatch(new RegExp(`^yes +${id} +yes +\\d+ s +1 +file:./a.json$`, "m"));
    expect(result.stdout).toContain("Nothing is wrong.");
  });

  test("10, what is wrong and what to do; --heal makes three disagreeing stores agree without a rotation", async () => {
    await regenerate("dead.json");
    await regenerate("live.json");
    const stores = store("dead.json", "live.json", "empty.json");
    const sick = await program(["doctor", "--client-id", id, ...stores]);
    expect(sick).toMatchObject({
      code: 10,
      stdout: expect.stringContaining("file:./dead.json: its secret is dead"),
    });
    expect(sick.stdout).toContain("file:./empty.json: it holds no secret");
    expect(sick.stdout).toContain("doctor --heal copies the working secret here");
    const before = regenerations();
    expect(await program(["doctor", "--heal", ...stores])).toMatchObject({ code: 0 });
    expect(regenerations()).toBe(before);
    for (const name of ["dead.json", "live.json", "empty.json"]) {
      expect(sandbox.accepts(id, document(name).client_secret as string)).toBe(true);
    }
  });

  test("where no secret lives, --heal does not rotate, and --heal --rotate does", async () => {
    await regenerate("a.json");
    await regenerate("elsewhere.json");
    rmSync(path("elsewhere.json"));
    const before = regenerations();
    const sick = await program(["doctor", "--heal", "--client-id", id, ...store("a.json")]);
    expect(sick).toMatchObject({
      code: 10,
      stdout: expect.stringContaining(`doctor --heal --rotate --client-id ${id} makes a new one`),
    });
    expect(regenerations()).toBe(before);
    expect(
      await program(["doctor", "--heal", "--rotate", "--client-id", id, ...store("a.json")]),
    ).toMatchObject({ code: 0 });
    expect(regenerations()).toBe(before + 1);
  });

  test("a rotation that an engine recorded as done and that never was is found, and made up for", async () => {
    await regenerate("a.json");
    const asked = ["--rotation", "version:2", "--client-id", id, ...store("a.json")];
    const before = regenerations();
    const sick = await program(["doctor", "--heal", ...asked]);
    expect(sick.code).toBe(10);
    expect(sick.stdout).toContain(
      'its secret works, but is of the rotation "1", not of the rotation "version:2"',
    );
    expect(sick.stdout).toContain("doctor --heal --rotate --rotation 'version:2'");
    expect(regenerations()).toBe(before);
    expect(await program(["doctor", "--heal", "--rotate", ...asked])).toMatchObject({ code: 0 });
    expect(await program(["doctor", ...asked])).toMatchObject({ code: 0 });
    expect(await program(["doctor", "--heal", "--rotate", ...asked])).toMatchObject({ code: 0 });
    expect(regenerations()).toBe(before + 1);
  });

  test("a login service out of reach proves nothing: --heal --rotate does not rotate", async () => {
    await regenerate("a.json");
    sandbox.fault({ path: "/oauth/token", status: 503, times: Number.POSITIVE_INFINITY });
    const before = regenerations();
    const result = await program(["doctor", "--heal", "--rotate", "--client-id", id, ...store("a.json")]);
    expect(result).toMatchObject({ code: 10, stdout: expect.stringContaining("cannot be told") });
    expect(regenerations()).toBe(before);
  });

  describe("with the stores of two clients", () => {
    let other: string;
    const secretIn = (name: string): unknown => document(name).client_secret;
    beforeEach(async () => {
      other = sandbox.addClient({ name: "billing" }).id;
      await regenerate("orders.json");
      const billing = ["regenerate", "--client-id", other, "--rotation", "7", ...store("billing.json")];
      expect(await program(billing)).toMatchObject({ code: 0 });
    });

    test("one table for both, and nothing is wrong: a heal leaves both their secrets", async () => {
      const before = [secretIn("orders.json"), secretIn("billing.json")];
      const result = await program(["doctor", "--heal", ...store("orders.json", "billing.json")]);
      expect(result).toMatchObject({ code: 0, stdout: expect.stringContaining("Nothing is wrong.") });
      const rows = result.stdout.split("\n").filter((line) => line.startsWith("yes"));
      expect(rows).toEqual([
        expect.stringMatching(new RegExp(`^yes +${id} +yes .* file:./orders.json$`)),
        expect.stringMatching(new RegExp(`^yes +${other} +yes .* 7 +file:./billing.json$`)),
      ]);
      expect([secretIn("orders.json"), secretIn("billing.json")]).toEqual(before);
    });

    test("each is healed from its own; an empty store that nobody lists stays empty", async () => {
      const copy = document("orders.json");
      await regenerate("orders.json");
      writeFileSync(path("stale.json"), JSON.stringify(copy));
      const before = regenerations();
      const stores = store("billing.json", "orders.json", "stale.json", "empty.json");
      const result = await program(["doctor", "--heal", ...stores]);
      expect(result).toMatchObject({
        code: 10,
        stdout: expect.stringContaining("file:./empty.json: it holds no"),
      });
      expect(secretIn("stale.json")).toBe(secretIn("orders.json"));
      expect(document("stale.json").stores).toEqual(["file:./orders.json", "file:./stale.json"]);
      expect(sandbox.accepts(other, secretIn("billing.json") as string)).toBe(true);
      expect(existsSync(path("empty.json"))).toBe(false);
      expect(regenerations()).toBe(before);
    });

    test.each([
      ["--heal", []],
      ["--heal --rotate", ["--rotate"]],
    ])("%s for one of them never replaces the working secret of the other", async (_title, flags) => {
      rmSync(path("orders.json"));
      const before = [secretIn("billing.json"), regenerations()];
      const result = await program([
        "doctor",
        "--heal",
        ...flags,
        "--client-id",
        id,
        ...store("orders.json", "billing.json"),
      ]);
      expect(result.code).toBe(10);
      expect(result.stdout).toContain(`it holds the working secret of another client, ${other}`);
      expect(result.stdout).toContain(
        `genesys-secret remove --client-id ${other} --store 'file:./billing.json'`,
      );
      expect([secretIn("billing.json"), regenerations()]).toEqual(before);
    });

    test("nor does a missed rotation of one of them", async () => {
      const before = [secretIn("billing.json"), secretIn("orders.json"), regenerations()];
      const stores = store("orders.json", "billing.json");
      const flags = ["--heal", "--rotate", "--rotation", "version:2", "--client-id", id];
      const result = await program(["doctor", ...flags, ...stores]);
      expect(result.code).toBe(10);
      expect(result.stdout).toContain('not of the rotation "version:2"');
      expect([secretIn("billing.json"), secretIn("orders.json"), regenerations()]).toEqual(before);
    });
  });

  test("a store that is not ready, and one of another client", async () => {
    await regenerate("a.json");
    writeFileSync(path("broken.json"), "not JSON");
    const result = await program([
      "doctor",
      "--json",
      "--client-id",
      "other",
      ...store("a.json", "broken.json"),
    ]);
    expect(result.code).toBe(10);
    const problems = JSON.parse(result.stdout).findings.map(({ problem }: { problem: string }) => problem);
    expect(problems).toEqual([
      expect.stringContaining("another client"),
      expect.stringContaining("not a JSON object"),
    ]);
  });

  test("names what a destroyed client left, and how to remove it; remove keeps others' fields", async () => {
    await regenerate("a.json");
    writeFileSync(path("a.json"), JSON.stringify({ ...document("a.json"), note: "mine" }));
    const headers = await adminHeaders();
    const client = `${sandbox.origin}/api/v2/oauth/clients/${id}`;
    const body = { name: "orders", authorizedGrantType: "CLIENT-CREDENTIALS", state: "inactive" };
    await fetch(client, { method: "PUT", headers, body: JSON.stringify(body) });
    await fetch(client, { method: "DELETE", headers });
    const result = await program(["doctor", ...store("a.json")]);
    expect(result.stdout).toContain(`genesys-secret remove --client-id ${id} --store 'file:./a.json'`);
    expect(await program(["remove", "--client-id", "other", ...store("a.json")])).toMatchObject({ code: 0 });
    expect(document("a.json").client_id).toBe(id);
    expect(await program(["remove", "--client-id", id, ...store("a.json")])).toMatchObject({ code: 0 });
    expect(document("a.json")).toEqual({ note: "mine" });
  });
});

async function adminHeaders(): Promise<Record<string, string>> {
  const { clientId, clientSecret } = sandbox.admin;
  const answer = await fetch(`${sandbox.origin}/oauth/token`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
  const { access_token } = (await answer.json()) as { access_token: string };
  return { authorization: `Bearer ${access_token}`, "content-type": "application/json" };
}

test("remove takes the file away when nothing of others is in it", async () => {
  await regenerate("a.json");
  expect(await program(["remove", "--client-id", id, ...store("a.json")])).toMatchObject({ code: 0 });
  expect(existsSync(path("a.json"))).toBe(false);
});

describe("--then", () => {
  const then = (code: string): string[] => ["--then", JSON.stringify([process.execPath, "-e", code])];
  const args = (): string[] => ["regenerate", "--client-id", id, ...store("a.json")];

  test("runs afterwards, with neither the secret nor a credential in its environment", async () => {
    const write = `require("node:fs").writeFileSync("then.json", JSON.stringify(process.env))`;
    expect(
      await program([...args(), ...then(write)], {
        VAULT_TOKEN: "a-vault-token",
        KUBECONFIG: "/home/me/.kube/config",
      }),
    ).toMatchObject({
      code: 0,
    });
    const environment = readFileSync(path("then.json"), "utf8");
    expect(JSON.parse(environment).KUBECONFIG).toBe("/home/me/.kube/config");
    const secrets = [
      ...sandbox.everySecretEver().map(({ secret }) => secret),
      ...sandbox.everyTokenEver(),
      "a-vault-token",
    ];
    expect(findLeaks(environment, secrets)).toEqual([]);
  });

  test("its failing is a warning: the rotation is done", async () => {
    const result = await program([...args(), ...then("process.exit(3)")]);
    expect(result).toMatchObject({ code: 0, stderr: expect.stringContaining("ended with 3") });
  });

  test("does not run when nothing was replaced", async () => {
    const write = then(`require("node:fs").writeFileSync("then.json", "")`);
    await program([...args(), ...write, "--dry-run"]);
    await program([...args(), ...write, "--client-id", "unknown"]);
    expect(existsSync(path("then.json"))).toBe(false);
  });

  test("must be a JSON array of strings", async () => {
    const result = await program([...args(), "--then", "systemctl restart orders"]);
    expect(result).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--then must be a command as a JSON array"),
    });
    expect(sandbox.journal).toEqual([]);
  });
});
