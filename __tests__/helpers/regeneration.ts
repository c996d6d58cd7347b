import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../sandbox/org";
import { findLeaks } from "./leaks";
import { type ProgramResult, runProgram } from "./program";

export const SECRET_CALL = /^\/api\/v2\/oauth\/clients\/[^/]+\/secret$/;

/** How each exit code is tried: Node's own debugging must change nothing. */
export const MODES: [string, Record<string, string>][] = [
  ["as it is", {}],
  ["with NODE_DEBUG", { NODE_DEBUG: "http,https,net,tls,stream" }],
];

// What a test of the bundle works on; made anew for each test.
export let sandbox: Sandbox;
export let folder: string;
/** The client "orders" and the secret it was born with. */
export let id: string;
export let bornWith: string;

export async function start(options: SandboxOptions = {}): Promise<void> {
  sandbox = await startSandbox(options);
  ({ id, secret: bornWith } = sandbox.addClient({ name: "orders" }));
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "genesys-secret-test-"));
});

afterEach(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs `regenerate` in the test's folder, with short limits. */
export function regenerate(args: string[], environment: Record<string, string>): Promise<ProgramResult> {
  const limits = { GENESYS_SECRET_RETRY_TIMEOUT: "1", GENESYS_SECRET_VERIFY_TIMEOUT: "1" };
  return runProgram(["regenerate", ...args], { ...sandbox.environment, ...limits, ...environment }, folder);
}

export const target = (): string[] => ["--client-id", id, "--store", "file:./orders.json"];
export const storePath = (): string => join(folder, "orders.json");
export const stored = (): string => JSON.parse(readFileSync(storePath(), "utf8")).client_secret;
const secretCalls = () =>
  sandbox.journal.filter(({ method, path }) => method === "POST" && SECRET_CALL.test(path));
/** How many calls to regenerate were made, whatever became of them. */
export const attempted = (): number => secretCalls().length;
/** How many of them took effect. */
export const accepted = (): number => secretCalls().filter(({ status }) => status === 200).length;

// What every run must keep: nothing on stdout, and no secret, token or Authorization header anywhere.
export function expectDiscreet(result: ProgramResult): void {
  const secrets = [
    sandbox.admin.clientSecret,
    ...sandbox.everySecretEver().map(({ secret }) => secret),
    ...sandbox.everyTokenEver(),
  ];
  expect(findLeaks(result.stdout + result.stderr, secrets)).toEqual([]);
  expect(result.stderr).not.toMatch(/authorization|\b(Basic|Bearer) [A-Za-z0-9]/i);
  expect(result.stderr).not.toMatch(/^\s+at .*:\d+:\d+/m);
  expect(result.stdout).toBe("");
}
