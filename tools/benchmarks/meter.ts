import { spawn } from "node:child_process";
import { join } from "node:path";

/** A command to measure. */
export interface Command {
  readonly name: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Medians of a command's runs. */
export interface Cost {
  /** Seconds. */
  readonly wall: number;
  /** Seconds of user and system time. */
  readonly cpu: number;
  /** Peak resident memory, MB. */
  readonly memory: number;
}

interface Run extends Cost {
  readonly code: number;
}

/**
 * Runs commands in turns, in a process that can tell what each cost.
 * @returns the medians, by name
 * @throws {Error} when a command fails, naming it
 */
export async function measure(commands: readonly Command[], rounds: number): Promise<Record<string, Cost>> {
  const meter = spawn("python3", [join(__dirname, "meter.py")], { stdio: ["pipe", "pipe", "inherit"] });
  let text = "";
  meter.stdout.on("data", (chunk) => {
    text += chunk;
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    meter.on("error", reject);
    meter.on("close", resolve);
  });
  meter.stdin.end(JSON.stringify({ rounds, commands }));
  if ((await ended) !== 0) throw new Error("tools/benchmarks/meter.py failed");
  const runs: Record<string, Run[]> = JSON.parse(text);
  return Object.fromEntries(Object.entries(runs).map(([name, each]) => [name, mediansOf(name, each)]));
}

function mediansOf(name: string, runs: readonly Run[]): Cost {
  const failed = runs.find(({ code }) => code !== 0);
  if (failed) throw new Error(`"${name}" ended with exit code ${failed.code}`);
  return {
    wall: median(runs.map(({ wall }) => wall)),
    cpu: median(runs.map(({ cpu }) => cpu)),
    memory: median(runs.map(({ memory }) => memory)),
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}
