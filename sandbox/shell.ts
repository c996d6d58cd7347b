import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { findEngines } from "./engine";
import type { Sandbox } from "./org";
import { attached, type ChosenProviders, chooseProviders } from "./providers/choose";

/**
 * Runs a command, such as a shell, that finds the sandbox as its Genesys Cloud: the admin client and the gateway are
 * in its environment, and, for each engine that cannot get Terraform's providers, stand-ins for them.
 * @param say told what the command will find
 * @returns the command's exit code, or 128 and the number of the signal that ended it
 * @throws {NodeJS.ErrnoException} when the command cannot be started
 */
export async function runInSandbox(
  sandbox: Sandbox,
  argv: readonly [string, ...string[]],
  say: (line: string) => void,
): Promise<number> {
  const environment: NodeJS.ProcessEnv = { ...process.env, CHECKPOINT_DISABLE: "1", ...sandbox.environment };
  // OpenTofu warns on stdout about a configuration file that is not there, which CDKTF takes for JSON.
  if (!existsSync(environment.TF_CLI_CONFIG_FILE ?? "")) delete environment.TF_CLI_CONFIG_FILE;
  const chosen: ChosenProviders[] = [];
  try {
    // Which of the engines the command starts is not known here.
    for (const engine of findEngines(environment)) {
      const providers = await chooseProviders(engine, environment, environment);
      chosen.push(providers);
      say(`${engine.name} ${engine.version}; ${providers.summary}.`);
    }
    if (chosen.length === 0) say("No terraform or tofu is on the PATH.");
    const standIns = attached(chosen.map(({ attachments }) => attachments));
    return await run(argv, { ...environment, ...standIns });
  } finally {
    await Promise.all(chosen.map((providers) => providers.close()));
  }
}

/** A signal is the command's own affair: a Ctrl-C reaches it by the terminal, the others are handed on. */
function run([command, ...args]: readonly [string, ...string[]], env: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: "inherit" });
    const handOn = (signal: NodeJS.Signals): void => void child.kill(signal);
    const stay = (): void => {};
    process.on("SIGINT", stay).on("SIGTERM", handOn).on("SIGHUP", handOn);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      process.off("SIGINT", stay).off("SIGTERM", handOn).off("SIGHUP", handOn);
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
    });
  });
}
