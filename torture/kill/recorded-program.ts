import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PROGRAM, type ProgramResult } from "../../__tests__/helpers/program";

export const RECORDER = join(__dirname, "recorder.mjs");

/** A place where the program touches the world, such as "before rename ./orders.json.genesys-secret.tmp #1". */
export type Place = string;

export interface RecordedRun {
  readonly result: ProgramResult;
  /** In the order in which they came. */
  readonly places: readonly Place[];
}

export interface Recording {
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly folder: string;
  /** A file for the recorder's own notes, which is not there yet. */
  readonly log: string;
  /** Where the program ends itself with SIGKILL. @default - nowhere */
  readonly kill?: Place;
  /** Command that the program is run by. @default - none */
  readonly by?: readonly string[];
}

/** Runs the bundle under the recorder, as its own process. */
export async function runRecorded(recording: Recording): Promise<RecordedRun> {
  const { args, environment, folder, log, kill, by = [] } = recording;
  const [command, ...rest] = [...by, process.execPath, RECORDER, ...args] as [string, ...string[]];
  const child = spawn(command, rest, {
    cwd: folder,
    env: { ...environment, KILL_RECORDER: JSON.stringify({ program: PROGRAM, log, folder, kill }) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const result = await new Promise<ProgramResult>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  const places = readFileSync(log, "utf8").split("\n").filter(Boolean);
  // A line of progress on a pipe is there or not: that it has been printed changes nothing more.
  return { result, places: places.filter((place) => !place.startsWith("after stderr")) };
}
