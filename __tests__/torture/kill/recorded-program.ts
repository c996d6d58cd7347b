import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PROGRAM, type ProgramResult } from "../../helpers/program";

export const RECORDER = join(__dirname, "kill-points.mjs");
const ONLY_RUN = "run";

/** A place where the program touches the world, such as "before rename ./orders.json.genesys-secret.tmp #1". */
export type Place = string;

/** Who is killed: the program, the shell or the engine above it, or all three and what else the engine has started. */
export type Victim = "program" | "shell" | "engine" | "everything";

export interface RecordedRun {
  readonly result: ProgramResult;
  /** In the order in which they came. */
  readonly places: readonly Place[];
}

/** What the recorder is told, in its environment. */
export interface RecorderSettings {
  /** An empty folder for its notes: a file for each client, or one named "run". */
  readonly logs: string;
  /** What paths are shortened by. */
  readonly folder: string;
  /** @default - nobody is killed */
  readonly kill?: Place;
  /** Whose program kills. @default "run", the only one */
  readonly client?: string;
  /** @default "program" */
  readonly victim?: Victim;
}

export interface Recording {
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly settings: RecorderSettings;
  /** Command that the program is run by. @default - none */
  readonly by?: readonly string[];
}

/** The variable that the recorder reads. */
export function recorderVariable(settings: RecorderSettings): { readonly KILL_RECORDER: string } {
  return { KILL_RECORDER: JSON.stringify({ client: ONLY_RUN, victim: "program", ...settings }) };
}

/** What was noted of a client's program, or of the only one, in the order in which it came. */
export function recordedPlaces(logs: string, client = ONLY_RUN): readonly Place[] {
  const path = join(logs, client);
  const places = existsSync(path) ? readFileSync(path, "utf8").split("\n").filter(Boolean) : [];
  // A line of progress is on its pipe or not: that it has been printed changes nothing more.
  return places.filter((place) => !place.startsWith("after stderr"));
}

/** Runs the bundle under the recorder, as its own process. */
export async function runRecorded(recording: Recording): Promise<RecordedRun> {
  const { args, environment, settings, by = [] } = recording;
  const [command, ...rest] = [...by, process.execPath, RECORDER, PROGRAM, ...args] as [string, ...string[]];
  const child = spawn(command, rest, {
    cwd: settings.folder,
    env: { ...environment, ...recorderVariable(settings) },
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
  return { result, places: recordedPlaces(settings.logs) };
}
