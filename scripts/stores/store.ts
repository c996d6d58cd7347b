import type { CredentialVariables } from "../core/child-environment";
import type { Environment } from "../core/environment";
import { StoreFault, StoreNotReadyError } from "../core/errors";
import { printable } from "../core/printable";
import type { Progress } from "../core/progress";
import type { GenesysCall } from "../genesys/session";
import type { StoredDocument } from "./document";
import type { StoreUri } from "./uri";

/** A place that keeps a client's secret: what `<scheme>/store.ts` makes. */
export interface Store {
  readonly uri: StoreUri;
  /**
   * Makes sure that `write` will work, as far as can be known, and takes the store's lock where it has one.
   * @param dryRun checks only, and leaves nothing behind
   * @throws {StoreNotReadyError}
   */
  prepare(dryRun: boolean): Promise<void>;
  /**
   * Does the write that follows: the same call, identity and parameters, and what readers see stays as it is. Called
   * after `prepare` and `read`, and only when this run is about to write here. Absent where no such write exists: the
   * scheme's row says then what is not rehearsed.
   * @param document what will be written, with a stand-in where the new secret will be
   * @throws {StoreFault | StoreNotReadyError}
   */
  rehearse?(document: StoredDocument): Promise<void>;
  /**
   * What is stored now; undefined when nothing is.
   * @throws {StoreFault}
   */
  read(): Promise<StoredDocument | undefined>;
  /**
   * Replaces what is stored, fields of others kept; after it returns, a power cut loses nothing.
   * @param over writes over the secret of another run, too: ours was seen to log in after it was there
   * @throws {OvertakenFault} when another run has put its secret there since `prepare`, where the store can tell
   * @throws {StoreFault}
   */
  write(document: StoredDocument, over?: boolean): Promise<void>;
  /**
   * What a run that was interrupted left staged beside what is current, where a store stages: it may hold the only live
   * secret. Read after `prepare`.
   * @throws {StoreFault}
   */
  readStaged?(): Promise<StoredDocument | undefined>;
  /**
   * Makes current what was last written, or, when nothing was written, what `readStaged` gave. A store that stages
   * has `read` give the staged document after `write`, so that it is verified before it becomes current.
   * @param over as for `write`
   * @throws {OvertakenFault} as `write`
   * @throws {StoreFault}
   */
  promote?(over?: boolean): Promise<void>;
  /**
   * Removes this client's document, for a client that is gone; another client's is left alone.
   * @returns whether there was one
   * @throws {StoreFault}
   */
  remove?(clientId: string): Promise<boolean>;
  /** Gives the lock back and removes what `prepare` left; never throws. */
  release(): Promise<void>;
}

/** An opened store, and what its row says. */
export interface OpenedStore extends Store {
  /** Whether it can be read back. One that cannot counts by its acknowledgement. */
  readonly readable: boolean;
  /** What shows only in the write itself; undefined when the rehearsal covers it. */
  readonly notRehearsed?: string;
}

/** What a store may use of the program around it. */
export interface StoreContext {
  readonly environment: Environment;
  /** What no child process may inherit. */
  readonly credentialVariables: CredentialVariables;
  readonly progress: Progress;
  /** Cuts what is under way when the run is interrupted before the irreversible call; never aborts after it. */
  readonly signal: AbortSignal;
  /** Works from the time the run has signed in. */
  readonly genesys: GenesysCall;
  readonly stdout: NodeJS.WritableStream;
  /** Where relative paths of stores start, and their programs run. @default - the process's working folder */
  readonly folder?: string;
}

/** Another run has put its secret of the same client into the store. Which of the two lives, only a login can tell. */
export class OvertakenFault extends StoreFault {}

/** A store is not ready, for a reason of our own. */
export function notReady(uri: StoreUri, reason: string, remedy: string): StoreNotReadyError {
  return new StoreNotReadyError(`The store ${printable(uri.text)} is not ready: ${reason}.`, remedy);
}

/**
 * Before the irreversible call a fault of a store ends the run.
 * @throws {StoreNotReadyError}
 */
export async function readOrNotReady<T>(store: OpenedStore, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StoreFault)) throw error;
    throw notReady(store.uri, error.message, "Make it readable, then run again.");
  }
}
