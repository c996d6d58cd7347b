import type { Environment } from "../core/environment";
import { UsageError } from "../core/errors";
import type { Progress } from "../core/progress";
import type { GenesysCall } from "../genesys/session";
import { credentialVariables } from "../stores/credential-variables";
import { openStore } from "../stores/open-store";
import type { OpenedStore } from "../stores/store";
import { readStores, type StoreFlags } from "./run-settings";

export interface StoreSurroundings {
  readonly environment: Environment;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** @default - there is no admin: a store that lives in Genesys Cloud cannot be used */
  readonly genesys?: GenesysCall;
}

/** The stores that a command names, opened. @throws {UsageError} when one is malformed or cannot be used here */
export async function openStores(
  flags: StoreFlags,
  around: StoreSurroundings,
): Promise<readonly OpenedStore[]> {
  const { environment, progress, signal, genesys = noAdmin } = around;
  const uris = readStores(flags, environment);
  const withheld = credentialVariables(environment);
  const context = {
    environment,
    credentialVariables: withheld,
    progress,
    signal,
    genesys,
    stdout: process.stdout,
  };
  return Promise.all(uris.map((uri) => openStore(uri, context)));
}

const noAdmin: GenesysCall = async () => {
  throw new UsageError("This store lives in Genesys Cloud, which this command does not sign in to.");
};
