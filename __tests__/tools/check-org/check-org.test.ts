import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Sandbox, startSandbox } from "../../../sandbox/org";
import { findLeaks } from "../../helpers/leaks";

const MAIN = join(__dirname, "../../../tools/check-org/main.ts");

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.close());

async function check(
  environment: Record<string, string> = {},
  onStart: (child: ChildProcess) => void = () => {},
) {
  const child = spawn(process.execPath, ["--import", pathToFileURL(require.resolve("tsx")).href, MAIN], {
    env: { PATH: process.env.PATH, ...sandbox.environment, ...environment },
  });
  onStart(child);
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (part) => {
    stdout += part;
  });
  child.stderr.on("data", (part) => {
    stderr += part;
  });
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  const secrets = [
    sandbox.admin.clientSecret,
    ...sandbox.everySecretEver().map(({ secret }) => secret),
    ...sandbox.everyTokenEver(),
  ];
  expect(findLeaks(stdout + stderr, secrets)).toEqual([]);
  return { code, stdout, stderr };
}

const names = (): string[] => sandbox.clients().map(({ name }) => name);

test("npm run check:org reports what an org answers, without secrets and ids, and leaves no client", async () => {
  const { code, stdout, stderr } = await check();
  expect({ code, stderr }).toMatchObject({ code: 0 });
  for (const line of [
    "- region: us-east-1",
    "- right secret, just created: 200",
    '- wrong secret: 400, error "invalid_client", error_description "authentication failed"',
    '- no such client: 400, error "invalid_client", error_description "client not found',
    '- CODE client, right secret, offers client_credentials: 400, error "unauthorized_client"',
    '- CODE client, wrong secret, offers client_credentials: 400, error "invalid_client"',
    "- CLIENT-CREDENTIALS: description: changed",
    "- PUT state disabled: ",
    "- a login while disabled: ",
    "- a login while inactive: 400",
    "- the token from before, while active: ",
    "- old secret, at once: 400",
    "- new secret, at once: 200",
    "- GET afterwards: 404",
    "- not asked: CHECK_ORG_DENIED_CLIENT_ID",
  ])
    expect(stdout).toContain(line);
  expect(stdout).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
  expect(names()).toEqual(["Sandbox Admin"]);
});

test("it asks a client that is denied for its words, when there is one", async () => {
  const { id, secret } = sandbox.addClient({ name: "denied", state: "disabled" });
  const { code, stdout } = await check({
    CHECK_ORG_DENIED_CLIENT_ID: id,
    CHECK_ORG_DENIED_CLIENT_SECRET: secret,
  });
  expect(code).toBe(0);
  expect(stdout).toMatch(/allow list leaves out\n\n- right secret: 400, .*client is disabled/);
});

test("it deletes its clients when it is interrupted", async () => {
  const { code, stdout } = await check({}, (child) => {
    sandbox.onRequest(({ path, clientId }) => {
      if (path === "/oauth/token" && clientId !== sandbox.admin.clientId) child.kill("SIGINT");
    });
  });
  expect(code).toBe(1);
  expect(stdout).toContain("- the check ended early: ");
  expect(stdout).not.toContain("## Deleting");
  expect(names()).toEqual(["Sandbox Admin"]);
});

test("it deletes its clients when it ends early", async () => {
  sandbox.fault({ path: "/api/v2/oauth/clients", method: "POST", skip: 1, status: 403 });
  const early = await check();
  expect(early.code).toBe(1);
  expect(early.stdout).toContain("- creating a CODE client: 403");
  expect(early.stdout).toContain("- the check ended early: ");
  expect(names()).toEqual(["Sandbox Admin"]);
});

test("without an admin it says so and asks nothing", async () => {
  const { code, stderr } = await check({ GENESYSCLOUD_OAUTHCLIENT_SECRET: "" });
  expect(code).toBe(1);
  expect(stderr).toContain("admin credentials is missing");
  expect(sandbox.journal).toEqual([]);
});
