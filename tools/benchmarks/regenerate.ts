import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Sandbox, startSandbox } from "../../sandbox/org";
import { type Command, type Cost, measure } from "./meter";
import { pythonWithRequests } from "./python";
import { milliseconds, ratio, type Section, verdict } from "./section";

const ROUNDS = 15;
const PROGRAM = join(__dirname, "../../dist/program/genesys-secret.cjs");
const PEERS = join(__dirname, "peers");
const OURS = "genesys-secret regenerate --client-id";
const PYTHON = "Python with requests";
const FLOOR = "node -e 0";
const BARE = "its requests alone, with node:http";
const STARTED = "genesys-secret --version";

/** One regeneration, against those who do the three plain calls and nothing else. */
export async function benchmarkRegenerate(): Promise<Section> {
  const folder = mkdtempSync(join(tmpdir(), "genesys-secret-bench-"));
  const sandbox = await startSandbox();
  try {
    const { id } = sandbox.addClient({ name: "orders-service" });
    const env = { ...sandbox.environment, ORIGIN: sandbox.origin };
    const python = pythonWithRequests();
    const commands: Command[] = [
      { name: FLOOR, argv: [process.execPath, "-e", "0"], cwd: folder },
      {
        name: OURS,
        argv: [process.execPath, PROGRAM, "regenerate", "--client-id", id, "--store", "file:./orders.json"],
        cwd: folder,
        env,
      },
      { name: STARTED, argv: [process.execPath, PROGRAM, "--version"], cwd: folder },
      {
        name: BARE,
        argv: [process.execPath, join(PEERS, "floor.mjs"), id, "floor.json"],
        cwd: folder,
        env,
      },
      {
        name: PYTHON,
        argv: [python, join(PEERS, "three_calls.py"), "orders-service", "python.txt"],
        cwd: folder,
        env,
      },
      {
        name: "the official JavaScript SDK",
        argv: [process.execPath, join(PEERS, "sdk.mjs"), "orders-service", "sdk.txt"],
        cwd: folder,
        env,
      },
      {
        name: "curl and jq",
        argv: [join(PEERS, "three-calls.sh"), "orders-service", "curl.txt"],
        cwd: folder,
        env,
      },
    ];
    const requests = new Map<string, number>();
    for (const command of commands) requests.set(command.name, await requestsOf(sandbox, command));
    const costs = await measure(commands, ROUNDS);
    const cost = (name: string) => costs[name] as NonNullable<(typeof costs)[string]>;
    const floor = cost(FLOOR).wall;
    return {
      title: "One regeneration",
      setting:
        `Medians of ${ROUNDS} runs, in turns, against the sandbox on the same machine. Ours signs in, looks the client up, ` +
        "prepares and locks the store, regenerates, stores, reads back, logs in and revokes both tokens; the others do the three " +
        `plain calls (token, find by name, regenerate) and write a file. ${versions(python)}`,
      columns: ["wall", "of Python's", "of `node -e 0`", "CPU", "peak memory", "requests"],
      rows: commands.map(({ name }) => ({
        name,
        cells: [
          milliseconds(cost(name).wall),
          ratio(cost(name).wall / cost(PYTHON).wall),
          ratio(cost(name).wall / floor),
          milliseconds(cost(name).cpu),
          `${cost(name).memory.toFixed(0)} MB`,
          String(requests.get(name)),
        ],
        ratio: cost(name).wall / cost(PYTHON).wall,
      })),
      verdicts: [
        verdict("Wall time to the Python script's", cost(OURS).wall / cost(PYTHON).wall, 0.5),
        verdict("Wall time to `node -e 0`", cost(OURS).wall / floor, 1.35),
        whereTheTimeGoes(cost(OURS), cost(STARTED), cost(BARE), cost(FLOOR)),
      ],
    };
  } finally {
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Of each part the CPU time, which other processes disturb less than the wall's. */
function whereTheTimeGoes(ours: Cost, started: Cost, bare: Cost, floor: Cost): string {
  const requests = bare.cpu - floor.cpu;
  const starting = started.cpu - floor.cpu;
  return (
    `Where the CPU time goes, ${milliseconds(ours.cpu)}: Node.js itself ${milliseconds(floor.cpu)}; our command line (launcher, ES modules, commander) ` +
    `${milliseconds(starting)}; the seven requests by Node's own http, ${milliseconds(requests)}, which is the floor: ${ratio((floor.cpu + requests) / floor.cpu)} of ` +
    `\`node -e 0\`; and ${milliseconds(ours.cpu - floor.cpu - requests - starting)} for got (most of it its loading), schemas, the lock, the fsynced file and the checks. ` +
    "Tried, and kept: one chunk in place of two dozen files, schemas that are not compiled, parts of got that are never used left out, " +
    "each command and store loaded when used, requests side by side where their order does not matter. Weighed, and not taken: V8's code " +
    "cache, which Node.js 20 has only for a file that outlives the run and for one Node.js version; a start-up snapshot, for the same reason. " +
    "What is left is got, which retries and times out for us."
  );
}

/** Runs a command once, and counts what it asked of the org. */
async function requestsOf(sandbox: Sandbox, command: Command): Promise<number> {
  const before = sandbox.journal.length;
  await measure([command], 0);
  return sandbox.journal.length - before;
}

function versions(python: string): string {
  const said = (command: string, ...args: string[]) =>
    execFileSync(command, args, { encoding: "utf8" }).split("\n")[0];
  const requests = said(
    python,
    "-c",
    "import platform, requests; print(platform.python_version(), requests.__version__)",
  );
  const sdk = JSON.parse(
    readFileSync(join(__dirname, "../../node_modules/purecloud-platform-client-v2/package.json"), "utf8"),
  ).version;
  const curl = said("curl", "--version")?.split(" ")[1];
  return `Node.js ${process.versions.node}; Python and requests ${requests}; SDK ${sdk}; curl ${curl}, ${said("jq", "--version")}.`;
}
