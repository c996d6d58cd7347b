import { mkdirSync, mkdtempSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Sandbox, startSandbox } from "../../../sandbox/org";
import { findSecrets } from "../../../sandbox/sweep/find-secrets";
import type { Moto } from "../../helpers/moto";
import { Gate } from "../gate";
import { type Ended, runBundle } from "../program";
import type { TortureStore } from "../stores/torture-store";
import type { Scenario } from "./scenario";

/** Runs start within so many milliseconds, and a request or an answer is under way for up to so many. */
const SPREAD = 120;
const LATENCY = 40;
const REAL = { speed: 1, epoch: 0, control: "" };
const RUN_LIMIT = 180_000;
/** Codes of runs that say of their stores that they hold no live secret. */
const SAYS_SO = [8, 9];
const KNOWN = [0, 6, ...SAYS_SO];

/** A run of the race. */
interface Racer {
  readonly ended: Ended;
  /** When it ended, milliseconds since the epoch. */
  readonly at: number;
  readonly stores: readonly TortureStore[];
}

/** What one round has shown. */
export interface Round {
  /** Exit codes, in the order in which the runs ended. */
  readonly codes: readonly (number | null)[];
  /** Stores that held a dead secret when all had ended, and the run that ended last had said so. */
  readonly said: number;
  /** Stores of a run that had ended well before a later run, which was not given them, rotated again. */
  readonly overtaken: number;
  readonly violations: readonly string[];
}

/**
 * Lets runs race on one client, then logs in from each store.
 * @param random numbers from 0 to 1
 */
export async function race(
  scenario: Scenario,
  runs: number,
  random: () => number,
  moto?: Moto,
): Promise<Round> {
  const folder = mkdtempSync(join(tmpdir(), "genesys-torture-race-"));
  for (const name of ["stores", "credentials", "home"]) mkdirSync(join(folder, name));
  const sandbox = await startSandbox();
  const gate = await Gate.open(sandbox.origin);
  const client = sandbox.addClient({ name: "orders" });
  const site = { folder: join(folder, "stores"), credentialsFolder: join(folder, "credentials") };
  const name = `orders-${Math.floor(random() * 1e12)}`;
  const stores = await scenario.open({ ...site, sandbox, clientId: client.id, moto, name });
  try {
    if (scenario.staleLock) for (const { uri } of stores) leaveLock(uri.slice("file:".length));
    for (const one of [gate, ...stores.flatMap((store) => store.gate ?? [])])
      one.latency = () => random() * LATENCY;
    const racers = await Promise.all(
      Array.from({ length: runs }, (_, index) =>
        runOne(scenario.of(stores, index), client.id, sandbox, gate, join(folder, "home"), random() * SPREAD),
      ),
    );
    for (const one of [gate, ...stores.flatMap((store) => store.gate ?? [])]) one.latency = () => 0;
    const result = await judge(scenario, racers, stores, client.id, sandbox);
    return {
      ...result,
      violations: [...result.violations, ...(await heal(stores, client.id, sandbox, gate, folder))],
    };
  } finally {
    for (const store of stores) await store.close();
    await gate.close();
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runOne(
  stores: readonly TortureStore[],
  clientId: string,
  sandbox: Sandbox,
  gate: Gate,
  home: string,
  delay = 0,
): Promise<Racer> {
  await new Promise((resolve) => setTimeout(resolve, delay));
  const environment = {
    ...sandbox.environment,
    HOME: home,
    GENESYSCLOUD_GATEWAY_PORT: String(gate.port),
    ...Object.assign({}, ...stores.map((store) => store.environment)),
  };
  const args = [
    "regenerate",
    "--json",
    "--client-id",
    clientId,
    "--retry-timeout",
    "30",
    "--verify-timeout",
    "3",
  ];
  const named = stores.flatMap(({ uri }) => ["--store", uri]);
  const ended = await runBundle([...args, ...named], environment, home, REAL, RUN_LIMIT);
  return { ended, at: Date.now(), stores };
}

async function judge(
  scenario: Scenario,
  racers: readonly Racer[],
  stores: readonly TortureStore[],
  clientId: string,
  sandbox: Sandbox,
): Promise<Round> {
  const order = [...racers].sort((one, other) => one.at - other.at);
  const violations: string[] = [];
  let [said, overtaken] = [0, 0];
  for (const { ended } of order)
    if (!KNOWN.includes(ended.code ?? -1))
      violations.push(`ended with ${ended.code ?? ended.signal}: ${ended.stderr}`);
  const changed = order.filter(({ ended }) => secretOf(ended) !== "not changed").length;
  const made = sandbox.everySecretEver().filter((one) => one.clientId === clientId).length - 1;
  if (made !== changed)
    violations.push(`${made} secrets were made, and ${changed} runs say that they made one`);

  for (const store of stores.filter((one) => racers.some((racer) => racer.stores.includes(one)))) {
    await store.refresh?.();
    const secret = store.holds();
    if (secret !== undefined && sandbox.accepts(clientId, secret)) continue;
    const owners = order.filter((racer) => racer.stores.includes(store));
    const last = owners.at(-1)?.ended.code ?? -1;
    if (SAYS_SO.includes(last)) said += 1;
    else if (!scenario.shared && last === 0) overtaken += 1;
    // Nobody got as far as writing it.
    else if (!owners.every(({ ended }) => ended.code === 6)) {
      violations.push(
        `${store.kind} holds ${secret === undefined ? "nothing" : "a dead secret"}, and the run that ended last said nothing of it`,
        ...owners.map(({ ended, at }) => `at ${at}, ${ended.code}: ${ended.stderr}`),
      );
    }
  }
  const secrets = [sandbox.admin.clientSecret, ...sandbox.everySecretEver().map(({ secret }) => secret)];
  for (const { ended } of order)
    violations.push(
      ...findSecrets(ended.stdout + ended.stderr, secrets).map((line) => `the output shows ${line}`),
    );
  return { codes: order.map(({ ended }) => ended.code), said, overtaken, violations };
}

/** One run that is alone has to end well, whatever the race has left. */
async function heal(
  stores: readonly TortureStore[],
  clientId: string,
  sandbox: Sandbox,
  gate: Gate,
  folder: string,
): Promise<string[]> {
  const { ended } = await runOne(stores, clientId, sandbox, gate, join(folder, "home"));
  if (ended.code !== 0) return [`the run after the race ended with ${ended.code}: ${ended.stderr}`];
  const dead: string[] = [];
  for (const store of stores) {
    await store.refresh?.();
    if (!sandbox.accepts(clientId, store.holds() ?? "")) dead.push(`not healed: ${store.kind}`);
    dead.push(...store.residue().map((line) => `left behind in ${store.kind}: ${line}`));
  }
  return dead;
}

function secretOf({ stdout }: Ended): string {
  try {
    return JSON.parse(stdout).secret;
  } catch {
    return "no document";
  }
}

/** As a run leaves it that was killed ten minutes ago. */
function leaveLock(path: string): void {
  const lock = `${path}.lock`;
  mkdirSync(lock);
  const then = Date.now() / 1000 - 600;
  utimesSync(lock, then, then);
}
