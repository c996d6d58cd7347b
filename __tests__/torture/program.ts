import { spawn } from "node:child_process";
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const PROJECT = join(__dirname, "../..");
const CLOCK = join(__dirname, "clock.cjs");

/** What clock.cjs does to a program while it runs. */
export interface Control {
  /** By how much its wall clock is off, milliseconds; its timers do not notice. */
  readonly jumpMs?: number | undefined;
  /** The code with which no name is found. */
  readonly dns?: string | undefined;
}

/** Replaces the control file at once: it is read at any moment. */
export function writeControl(file: string, control: Control): void {
  writeFileSync(`${file}.new`, JSON.stringify(control));
  renameSync(`${file}.new`, file);
}

/** The clock that the program runs on. */
export interface Clock {
  /** 1 for the real one. */
  readonly speed: number;
  /** Where all clocks of this speed began, milliseconds of the real clock. */
  readonly epoch: number;
  /** File that makes the clock jump and names unknown: see clock.cjs. */
  readonly control: string;
}

/** A run of the program that has ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Milliseconds, on the surroundings' clock. */
  readonly took: number;
}

/**
 * Runs the bundle in a process of its own. At real speed it is what users start, launcher included; on a fast clock it
 * is the same program, with the clock loaded before it.
 * @param limit milliseconds until it is killed
 * @param onStart told of the process
 */
export function runBundle(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  cwd: string,
  clock: Clock,
  limit: number,
  onStart: (interrupt: () => void) => void = () => {},
): Promise<Ended> {
  const program = join(PROJECT, "dist/program");
  const [start, more] =
    clock.speed === 1
      ? [["--", join(program, "genesys-secret.cjs")], {}]
      : [
          ["--require", CLOCK, join(program, "genesys-secret.mjs")],
          {
            TORTURE_SPEED: String(clock.speed),
            TORTURE_EPOCH: String(clock.epoch),
            TORTURE_CONTROL: clock.control,
          },
        ];
  const begun = performance.now();
  const child = spawn(process.execPath, [...start, ...args], {
    cwd,
    env: { PATH: process.env.PATH, ...environment, ...more },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onStart(() => child.kill("SIGINT"));
  const killer = setTimeout(() => child.kill("SIGKILL"), limit);
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearTimeout(killer);
      const text = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString("utf8");
      resolve({ code, signal, stdout: text(out), stderr: text(err), took: performance.now() - begun });
    });
  });
}
