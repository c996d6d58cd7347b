import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { SmallDisk } from "../disk";
import { Tally } from "./tally";

const PROJECT = join(__dirname, "../../..");
const PROGRAM = join(PROJECT, "dist/program/genesys-secret.mjs");

/** So many times as fast the clock of most schedules runs. */
const SPEED = 16;
/** One schedule in so many is played at the speed of the real clock, by the launcher that users start. */
const REAL_SHARE = 20;
/** Processes at a time. They wait most of the time. */
const FAST_SHARDS = 4;
const REAL_SHARDS = 2;
const DEFAULT_COUNT = 1000;
const DEFAULT_SEED = 20260101;

interface Shard {
  readonly speed: number;
  readonly seed: number;
  readonly count: number;
  readonly path?: string;
}

interface ShardResult {
  readonly tally: Tally | undefined;
  readonly failure: string;
}

const HELP = `Plays random schedules of faults, and checks after each that the program kept its promises.

  npm run torture:faults -- [--count N] [--seed N]
  npm run torture:faults -- --seed N --path P [--real]    plays again what failed

--count  how many schedules; default ${DEFAULT_COUNT}
--seed   where the random numbers begin; default ${DEFAULT_SEED}
--path   of a failure, as it was printed with its seed
--real   the failure was one at the speed of the real clock`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      count: { type: "string", default: `${DEFAULT_COUNT}` },
      seed: { type: "string", default: `${DEFAULT_SEED}` },
      path: { type: "string" },
      real: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  if (!existsSync(PROGRAM)) throw new Error("there is no bundle: npm run build");
  const [count, seed] = [Number(values.count), Number(values.seed)];
  if (!(Number.isInteger(count) && count > 0 && Number.isInteger(seed)))
    throw new Error("--count must be a whole number of at least 1, --seed a whole number");
  const shards =
    values.path === undefined
      ? split(count, seed)
      : [{ speed: values.real ? 1 : SPEED, seed, count: 1, path: values.path }];
  const missing = SmallDisk.missing();
  if (missing !== undefined)
    console.log(`Not played: a full disk, a read-only folder (no file system can be mounted: ${missing})`);

  const results = await Promise.all(shards.map(play));
  const sum = new Tally();
  for (const { tally } of results) if (tally) sum.merge(tally);
  print(sum);
  const failures = results.flatMap(({ tally, failure }, index) =>
    tally === undefined || failure !== "" ? [describe(shards[index] as Shard, failure)] : [],
  );
  for (const failure of failures) console.error(failure);
  console.log(`seed ${seed}: ${sum.schedules} schedules, ${sum.violated} with a violated invariant`);
  return failures.length > 0 ? 1 : 0;
}

/** Every shard has a seed of its own, from which it can be played again alone. */
function split(count: number, seed: number): Shard[] {
  const real = Math.round(count / REAL_SHARE);
  const share = (total: number, among: number, speed: number, offset: number): Shard[] =>
    Array.from({ length: among }, (_, index) => ({
      speed,
      seed: seed + offset + index,
      count: Math.floor(total / among) + (index < total % among ? 1 : 0),
    }));
  const shards = [...share(count - real, FAST_SHARDS, SPEED, 0), ...share(real, REAL_SHARDS, 1, FAST_SHARDS)];
  return shards.filter((shard) => shard.count > 0);
}

function play(shard: Shard): Promise<ShardResult> {
  const epoch = Date.now();
  const clock = shard.speed === 1 ? [] : ["--require", join(PROJECT, "__tests__/torture/clock.cjs")];
  const script = [join(PROJECT, "__tests__/torture/faults/shard.ts"), JSON.stringify({ ...shard, epoch })];
  const child = spawn(process.execPath, [...clock, "--import", "tsx", ...script], {
    cwd: PROJECT,
    env: { ...process.env, TORTURE_SPEED: `${shard.speed}`, TORTURE_EPOCH: `${epoch}` },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => child.kill(signal));
  const parts = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const)
    child[stream].on("data", (chunk: Buffer) => {
      parts[stream] += chunk.toString("utf8");
    });
  return new Promise((resolve) => {
    child.on("close", (code) => {
      const line = parts.stdout.trim().split("\n").at(-1) ?? "";
      const tally = line.startsWith("{") ? (JSON.parse(line) as Tally) : undefined;
      resolve({ tally, failure: code === 0 ? "" : parts.stderr || `a shard ended with ${code}` });
    });
  });
}

function describe({ speed, seed }: Shard, failure: string): string {
  const path = /path: "([^"]+)"/.exec(failure)?.[1];
  const again = `--seed ${seed} --path ${path ?? "?"}${speed === 1 ? " --real" : ""}`;
  return `${failure.trim()}\n\nTo play it again: npm run torture:faults -- ${again}\n`;
}

function print({ codes, met, longest, mostRequests, stalls }: Tally): void {
  const rows = (table: Record<string, number>): string =>
    Object.entries(table)
      .sort(([, one], [, other]) => other - one)
      .map(([name, times]) => `  ${String(times).padStart(6)}  ${name}`)
      .join("\n");
  console.log(`Exit codes of the runs with trouble:\n${rows(codes)}`);
  console.log(`Troubles that came about, by schedule:\n${rows(met)}`);
  if (stalls > 0) console.log(`Healthy runs repeated, because the machine had stood still: ${stalls}`);
  console.log(
    `Longest run: ${Math.round(longest / 1000)} s on its clock; most requests of a run to one server: ${mostRequests}`,
  );
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);
