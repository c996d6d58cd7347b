import { limits, oneClient } from "../../helpers/one-client";
import { DATA_PATH, VaultFixture } from "../../helpers/vault/fixture";
import { runBundle, writeControl } from "../../torture/program";

const HOUR_MS = 3_600_000;
/** The program's clock is so much faster, that its seconds of waiting are short. */
const SPEED = 16;
/** Without its own bounds a run would go on for an hour of its clock. */
const KILL_MS = 200_000;

let vault: VaultFixture;
let control: string;
const one = oneClient({ environment: () => ({ ...vault.environment, ...limits(5) }) });

beforeEach(async () => {
  vault = await VaultFixture.open();
  control = one.path("control.json");
  writeControl(control, {});
});

afterEach(() => vault.close());

/** The wall clock of the program is an hour behind, from here on. */
const jump = (): void => writeControl(control, { jumpMs: -HOUR_MS });

/** Does this when the first request of that path has arrived. */
function onFirst(path: RegExp, work: () => unknown): void {
  const forget = one.sandbox.onRequest(async (request) => {
    if (!path.test(request.path)) return;
    forget();
    await work();
  });
}

function rotate(): ReturnType<typeof runBundle> {
  const args = ["regenerate", "--client-id", one.id, "--store", vault.uri];
  return runBundle(args, one.environment, one.folder, { speed: SPEED, epoch: Date.now(), control }, KILL_MS);
}

// Each jumps when a limit has begun to run.
test("a store that stays down is given up after the same time", async () => {
  vault.vault.interfere = ({ method, path }) => {
    // The rehearsal before it is answered.
    if (method !== "POST" || path !== DATA_PATH || one.attempted() === 0) return undefined;
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
    one.sandbox.fault({ path: "*", status: 503, times: Number.POSITIVE_INFINITY });
  });
  expect(await rotate()).toMatchObject({ code: 8, signal: null });
});

test("a secret that is not accepted is given up after the same time", async () => {
  onFirst(/\/secret$/, () => {
    const body = { error: "invalid_client", error_description: "authentication failed" };
    one.sandbox.fault({ path: "/oauth/token", status: 400, body, times: Number.POSITIVE_INFINITY });
    onFirst(/\/oauth\/token$/, jump);
  });
  expect(await rotate()).toMatchObject({ code: 9, signal: null });
});
