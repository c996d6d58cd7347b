import { spawn } from "node:child_process";
import type { CredentialVariables } from "../core/child-environment";
import { childEnvironment } from "../core/child-environment";
import { type Environment, variable } from "../core/environment";
import { InterruptedError } from "../core/errors";
import { printable } from "../core/printable";
import type { Progress } from "../core/progress";
import type { RotationReport } from "../rotation/report";
import { PASSED_TO_THEN } from "../stores/credential-variables";
import { readArgv } from "./argv";
import type { RegenerateFlags } from "./run-settings";

type Argv = readonly [string, ...string[]];

/** The command of --then or SECRET_THEN. @throws {UsageError} when it is not a JSON array of strings */
export function readThen(flags: RegenerateFlags, environment: Environment): Argv | undefined {
  if (flags.then !== undefined) return readArgv(flags.then, "--then");
  const text = variable(environment, "SECRET_THEN");
  return text === undefined ? undefined : readArgv(text, "SECRET_THEN");
}

/** Whether a run replaced the secret in all stores, so that whoever holds the old one has to be told. */
export function isReplaced(report: RotationReport): boolean {
  return (
    report.secret === "changed" && (report.error === undefined || report.error instanceof InterruptedError)
  );
}

/**
 * Runs the user's command after a rotation, to restart or notify whoever holds the old secret: no secret and no
 * credential in its environment, its output on standard error. Its failing is a warning: the rotation is done, and a
 * failed run would rotate once more.
 * @param folder where it runs. @default - the process's working folder
 */
export async function runAfterwards(
  argv: Argv,
  withheld: CredentialVariables,
  progress: Progress,
  folder?: string,
): Promise<void> {
  const [program, ...args] = argv;
  progress.info(`Running ${printable(program)}`);
  const failed = await new Promise<string | undefined>((resolve) => {
    const child = spawn(program, args, {
      cwd: folder,
      env: childEnvironment(withheld, PASSED_TO_THEN),
      stdio: ["ignore", process.stderr, process.stderr],
      windowsHide: true,
    });
    child.on("error", (error) => resolve(`could not be started (${(error as NodeJS.ErrnoException).code})`));
    child.on("exit", (code, signal) => resolve(code === 0 ? undefined : `ended with ${code ?? signal}`));
  });
  if (failed !== undefined) {
    progress.warn(
      `${printable(program)} ${failed}: the secret was replaced, but whoever holds the old one may not know it`,
    );
  }
}
