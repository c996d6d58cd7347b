import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

/** The bundle that the construct ships, as `npm run build` makes it. */
export const PROGRAM = join(__dirname, "../../dist/program/genesys-secret.cjs");

export interface ProgramResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningProgram {
  readonly child: ChildProcess;
  readonly result: Promise<ProgramResult>;
}

/**
 * Starts the bundle as its own process, with nothing in its environment but what the test gives and a PATH.
 * @param environment its variables
 * @param cwd its working folder
 * @param program another copy of it
 */
export function startProgram(
  args: readonly string[],
  environment: Record<string, string>,
  cwd?: string,
  program = PROGRAM,
): RunningProgram {
  return startBehind([], args, environment, cwd, program);
}

/**
 * The same, started by another program: as another user, or with mounts of its own.
 * @param starter that program and its arguments; what comes after them is the command that it starts
 */
export function startBehind(
  starter: readonly string[],
  args: readonly string[],
  environment: Record<string, string>,
  cwd?: string,
  program = PROGRAM,
): RunningProgram {
  // Node.js 20 takes an --env-file behind the script for its own and ends with 9 when it is missing; "--" stops that.
  const [command, ...rest] = [...starter, process.execPath, "--", program, ...args] as [string, ...string[]];
  const child = spawn(command, rest, {
    cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    stderr += chunk;
  });
  const result = new Promise<ProgramResult>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, result };
}

/** Runs the bundle to its end. */
export function runProgram(
  args: readonly string[],
  environment: Record<string, string>,
  cwd?: string,
  program = PROGRAM,
): Promise<ProgramResult> {
  return startProgram(args, environment, cwd, program).result;
}
