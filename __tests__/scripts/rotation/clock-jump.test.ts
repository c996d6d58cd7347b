import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Sandbox, startSandbox } from "../../../sandbox/org";
import { runBundle } from "../../../torture/program";
import { VaultFixture } from "../../helpers/vault/fixture";

const HOUR_MS = 3_600_000;
/** The program's clock is so much faster, that its seconds of waiting are short. */
const SPEED = 16;
/** Without its own bounds a run would go on for an hour of its clock. */
const KILL_MS = 40_000;

let sandbox: Sandbox;
let vault: VaultFixture;
let folder: string;
let control: string;

beforeEach(async () => {
  sandbox = await startSandbox();
  vault = await VaultFixture.open();
  folder = mkdtempSync(join(tmpdir(), "genesys-secret-clock-"));
  control = join(folder, "control.json");
  writeFileSync(control, "{}");
});

afterEach(async () => {
  await vault.close();
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Rotates while, from the regenerate call on, the wall clock is an hour behind. */
async function rotate(onCall: () => unknown): ReturnType<typeof runBundle> {
  const { id } = sandbox.addClient({ name: "orders" });
  const forget = sandbox.onRequest(async ({ path }) => {
    if (!path.endsWith("/secret")) return;
    forget();
    writeFileSync(control, JSON.stringify({ jumpMs: -HOUR_MS }));
    await onCall();
  });
  const args = ["regenerate", "--client-id", id, "--store", vault.uri];
  const limits = { GENESYS_SECRET_RETRY_TIMEOUT: "5", GENESYS_SECRET_VERIFY_TIMEOUT: "5" };
  const environment = { ...sandbox.environment, ...vault.environment, ...limits, HOME: folder };
  return runBundle(args, environment, folder, { speed: SPEED, epoch: Date.now(), control }, KILL_MS);
}

test("a store that stays down is given up after the same time", async () => {
  expect(await rotate(() => vault.stop())).toMatchObject({ code: 8, signal: null });
});

test("an org that stays down is given up after the same time", async () => {
  const down = { path: "*", status: 503, times: Number.POSITIVE_INFINITY };
  expect(await rotate(() => sandbox.fault(down))).toMatchObject({ code: 8, signal: null });
});

test("a secret that is not accepted is given up after the same time", async () => {
  const body = { error: "invalid_client", error_description: "authentication failed" };
  const refused = { path: "/oauth/token", status: 400, body, times: Number.POSITIVE_INFINITY };
  expect(await rotate(() => sandbox.fault(refused))).toMatchObject({ code: 9, signal: null });
});
