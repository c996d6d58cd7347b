import { spawn } from "node:child_process";
import { constants } from "node:os";
import { childEnvironment } from "../core/child-environment";
import { loadEnvironment } from "../core/environment";
import { GenesysSecretError, StoreFault, UsageError } from "../core/errors";
import { EXIT } from "../core/exit-codes";
import { VARIABLE_NAME } from "../core/patterns";
import { printable } from "../core/printable";
import { progressOn } from "../core/progress";
import { words } from "../core/words";
import { credentialVariables } from "../stores/credential-variables";
import type { StoredDocument } from "../stores/document";
import type { OpenedStore } from "../stores/store";
import { openStores } from "./open-stores";
import { errorLines } from "./print-report";
import { readClientIds, type StoreFlags } from "./run-settings";

export interface RunFlags extends StoreFlags {
  readonly idVariable: string;
  readonly secretVariable: string;
  readonly regionVariable: string;
  readonly passEnv?: readonly string[];
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR2", "SIGWINCH"] as const;

/**
 * `genesys-secret run`: starts a command with the client's credentials in its environment and nowhere else, and
 * without the credentials of the admin and of the stores.
 * @returns the command's exit code; 128 and the signal's number when a signal ended it; 125 when it was not started
 */
export async function run(argv: readonly string[], flags: RunFlags): Promise<number> {
  try {
    const environment = await loadEnvironment(flags.envFile);
    assertVariables([flags.idVariable, flags.secretVariable, flags.regionVariable]);
    const progress = progressOn(process.stderr);
    const { signal } = new AbortController();
    const stores = await openStores(flags, { environment, progress, signal });
    const document = await firstDocument(stores, readClientIds(flags, environment), flags.envFile);
    const child = childEnvironment(credentialVariables(environment), flags.passEnv);
    return await start(argv, {
      ...child,
      [flags.idVariable]: document.clientId,
      [flags.secretVariable]: document.clientSecret.reveal(),
      [flags.regionVariable]: document.region,
    });
  } catch (error) {
    if (!(error instanceof GenesysSecretError)) throw error;
    process.stderr.write(`${errorLines(error).join("\n")}\n`);
    return EXIT.notStarted;
  }
}

/** The first store that gives a document is enough; the others are there for the day when it does not. */
async function firstDocument(
  stores: readonly OpenedStore[],
  clientIds: readonly string[],
  envFile: string | undefined,
): Promise<StoredDocument> {
  const reasons: string[] = [];
  for (const store of stores) {
    try {
      const document = store.readable ? await store.read() : undefined;
      if (document && (clientIds.length === 0 || clientIds.includes(document.clientId))) return document;
      reasons.push(
        `${store.uri.text} ${store.readable ? "holds no secret of the client" : "cannot be read back"}`,
      );
    } catch (error) {
      if (!(error instanceof StoreFault) && !(error instanceof GenesysSecretError)) throw error;
      reasons.push(`${store.uri.text}: ${error.message}`);
    } finally {
      await store.release();
    }
  }
  const named = stores.flatMap(({ uri }) => ["--store", uri.text]);
  if (envFile !== undefined) named.push("--env-file", envFile);
  throw new UsageError(
    `No store gives the client's secret: ${printable(reasons.join("; "))}.`,
    `Look with: ${words(["genesys-secret", "doctor", ...named])}`,
  );
}

function start(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const [program, ...args] = argv as [string, ...string[]];
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, stdio: "inherit" });
    for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
    child.on("error", (error) => {
      const { code } = error as NodeJS.ErrnoException;
      reject(
        new UsageError(
          `The command "${printable(program)}" could not be started (${code}). Is it installed?`,
        ),
      );
    });
    child.on("exit", (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}

function assertVariables(names: readonly string[]): void {
  const wrong = names.find((name) => !VARIABLE_NAME.test(name));
  if (wrong !== undefined)
    throw new UsageError(
      `"${printable(wrong)}" is no name of a variable: letters, digits and underscores, no digit first.`,
    );
  if (new Set(names).size < names.length)
    throw new UsageError("The variables for id, secret and region must be three, or one would hide another.");
}
