import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { promisify } from "node:util";
import { type CredentialVariables, childEnvironment } from "../../core/child-environment";
import type { Environment } from "../../core/environment";
import { StoreFault } from "../../core/errors";
import { printable } from "../../core/printable";
import { vaultVariable } from "./variables";

/** What a token helper may use of the program around it. */
export interface HelperContext {
  readonly environment: Environment;
  /** What no child process may inherit. */
  readonly credentialVariables: CredentialVariables;
  readonly signal: AbortSignal;
}

const LIMITS = { timeout: 30_000, maxBuffer: 64 * 1024, killSignal: "SIGKILL" } as const;
/** A line of HCL or a member of JSON, which the file may be written in, too. */
const SETTING = /^[ \t]*\{?[ \t]*"?token_helper"?\s*[=:]\s*("(?:[^"\\\n]|\\.)*")/m;

/**
 * Asks the token helper that `vault login` is configured with: the program that keeps the token.
 * @returns undefined when there is none, or it has no token
 * @throws {StoreFault} when it cannot be run
 */
export async function helperToken(context: HelperContext): Promise<string | undefined> {
  const program = await configuredHelper(context.environment);
  if (program === undefined) return undefined;
  const who = `the token helper "${printable(program)}"`;
  if (!isAbsolute(program)) throw new StoreFault(`${who} must be named by its absolute path`);
  const { credentialVariables, signal } = context;
  const run = promisify(execFile)(program, ["get"], {
    ...LIMITS,
    env: childEnvironment(credentialVariables),
    signal,
    windowsHide: true,
  });
  // Neither what it prints nor its error is shown: the one is the token, the other holds it.
  const { stdout } = await run.catch((error: { code?: string | number | null; signal?: string }) => {
    signal.throwIfAborted();
    const { code } = error;
    throw new StoreFault(
      typeof code === "number"
        ? `${who} ended with exit code ${code}`
        : `${who} cannot be run (${code ?? error.signal ?? "it was ended"})`,
    );
  });
  return stdout.trim() || undefined;
}

/** The program that Vault's configuration file names. */
async function configuredHelper(environment: Environment): Promise<string | undefined> {
  const named = vaultVariable(environment, "CONFIG_PATH")?.replace(/^~(?=\/)/, homedir());
  const path = named ?? join(homedir(), ".vault");
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Other programs have a folder of that name.
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR") return undefined;
    throw new StoreFault(
      `"${printable(path)}", which may configure a token helper, cannot be read (${code})`,
    );
  }
  const value = SETTING.exec(text)?.[1];
  if (value === undefined) return undefined;
  try {
    return JSON.parse(value) || undefined;
  } catch {
    throw new StoreFault(`token_helper in "${printable(path)}" is not a string that can be understood`);
  }
}
