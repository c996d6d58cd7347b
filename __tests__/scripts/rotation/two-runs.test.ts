import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Sandbox, startSandbox } from "../../../sandbox/org";
import { regenerateElsewhere } from "../../helpers/later-run";
import { type ProgramResult, runProgram } from "../../helpers/program";

let sandbox: Sandbox;
let folder: string;
let id: string;

beforeEach(async () => {
  sandbox = await startSandbox();
  ({ id } = sandbox.addClient({ name: "orders" }));
  folder = mkdtempSync(join(tmpdir(), "genesys-secret-two-runs-"));
});

afterEach(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

function rotate(stores: readonly string[], ...args: string[]): Promise<ProgramResult> {
  const named = stores.flatMap((store) => ["--store", `file:./${store}`]);
  return runProgram(
    ["regenerate", "--client-id", id, ...named, ...args],
    { ...sandbox.environment, GENESYS_SECRET_VERIFY_TIMEOUT: "1" },
    folder,
  );
}

const lives = (store: string): boolean =>
  sandbox.accepts(id, JSON.parse(readFileSync(join(folder, store), "utf8")).client_secret);

test("locks named in opposite order: nobody waits for the other for ever", async () => {
  // Each has signed in before either takes a lock.
  let waiting = 0;
  let go: () => void = () => {};
  const both = new Promise<void>((resolve) => {
    go = resolve;
  });
  sandbox.onRequest(({ path }) => {
    if (!path.startsWith("/api/v2/oauth/clients/") || path.endsWith("/secret")) return undefined;
    waiting += 1;
    if (waiting === 2) go();
    return both;
  });
  const results = await Promise.all([rotate(["one.json", "other.json"]), rotate(["other.json", "one.json"])]);
  expect(results.map(({ code }) => code)).toEqual([0, 0]);
  expect([lives("one.json"), lives("other.json")]).toEqual([true, true]);
});

test("6: a copy whose secret dies meanwhile has changed nothing, and says so", async () => {
  expect((await rotate(["one.json"], "--rotation", "1")).code).toBe(0);
  let logins = 0;
  sandbox.onRequest(async ({ path, clientId }) => {
    // It is tried before it is copied; what dies after that shows when it is read back.
    if (path !== "/oauth/token" || clientId !== id) return;
    logins += 1;
    if (logins === 2) await regenerateElsewhere(sandbox, id);
  });
  expect(await rotate(["one.json", "other.json"], "--rotation", "1")).toMatchObject({
    code: 6,
    stderr: expect.stringContaining("Secret:    not changed"),
  });
});
