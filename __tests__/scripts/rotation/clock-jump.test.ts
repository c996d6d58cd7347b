import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Sandbox, startSandbox } from "../../../sandbox/org";
import { DATA_PATH, VaultFixture } from "../../helpers/vault/fixture";
import { runBundle, writeControl } from "../../torture/program";

const HOUR_MS = 3_600_000;
/** The program's clock is so much faster, that its seconds of waiting are short. */
const SPEED = 16;
/** Without its own bounds a run would go on for an hour of its clock. */
const KILL_MS = 200_000;

let sandbox: Sandbox;
let vault: VaultFixture;
let folder: string;
let control: string;

beforeEach(async () => {
  sandbox = await startSandbox();
  vault = await VaultFixture.open();
  folder = mkdtempSync(join(tmpdir(), "genesys-secret-clock-"));
  control = join(folder, "control.json");
  writeControl(control, {});
});

afterEach(async () => {
  await vault.close();
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The wall clock of the program is an hour behind, from here on. */
const jump = (): void => writeControl(control, { jumpMs: -HOUR_MS });

/** Does this when the first request of that path has arrived. */
function onFirst(path: RegExp, work: () => unknown): void {
  const forget = sandbox.onRequest(async (request) => {
    if (!path.test(request.path)) return;
    forget();
    await work();
  });
}

function rotate(): ReturnType<typeof runBundle> {
  const { id } = sandbox.addClient({ name: "orders" });
  const args = ["regenerate", "--client-id", id, "--store", vault.uri];
  const limits = { GENESYS_SECRET_RETRY_TIMEOUT: "5", GENESYS_SECRET_VERIFY_TIMEOUT: "5" };
  const environment = { ...sandbox.environment, ...vault.environment, ...limits, HOME: folder };
  return runBundle(args, environment, folder, { speed: SPEED, epoch: Date.now(), control }, KILL_MS);
}

// Each jumps when a limit has begun to run.
test("a store that stays down is given up after the same time", async () => {
  vault.vault.interfere = ({ method, path }) => {
    if (method !== "POST" || path !== DATA_PATH) return undefined;
    jump();
    return { answer: "cut" };
  };
  expect(await rotate()).toMatchObject({ code: 8, signal: null });
});

test("a store that cannot be reached before is given up after the same time", async () => {
  vault.vault.interfere = () => {
    jump();
    return { answer: "cut" };
  };
  expect(await rotate()).toMatchObject({ code: 6, signal: null });
});

test("an org that stays down is given up after the same time", async () => {
  onFirst(/\/secret$/, () => {
    jump();
    sandbox.fault({ path: "*", status: 503, times: Number.POSITIVE_INFINITY });
  });
  expect(await rotate()).toMatchObject({ code: 8, signal: null });
});

test("a secret that is not accepted is given up after the same time", async () => {
  onFirst(/\/secret$/, () => {
    const body = { error: "invalid_client", error_description: "authentication failed" };
    sandbox.fault({ path: "/oauth/token", status: 400, body, times: Number.POSITIVE_INFINITY });
    onFirst(/\/oauth\/token$/, jump);
  });
  expect(await rotate()).toMatchObject({ code: 9, signal: null });
});
