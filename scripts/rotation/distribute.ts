import { Deadline } from "../core/deadline";
import { StoreFault } from "../core/errors";
import type { Progress } from "../core/progress";
import type { Verification } from "../core/verification";
import type { LoginPort } from "../genesys/genesys-port";
import type { Credentials } from "../genesys/login";
import { tryLogin, type Verdict } from "../genesys/try-login";
import type { StoredDocument } from "../stores/document";
import { type OpenedStore, OvertakenFault } from "../stores/store";
import { isSameSecret } from "./holdings";
import { fails, verifyLogin, whyNot } from "./login-check";
import type { StoreReport } from "./report";

export interface Distribution {
  readonly genesys: LoginPort;
  readonly progress: Progress;
  /** Grant of the client. @default - it is not known */
  readonly grant?: string;
  readonly verification?: Verification;
  /** Limit for each store's retries, milliseconds. */
  readonly retryFor: number;
  /** Limit for the first login, milliseconds. */
  readonly verifyFor: number;
}

export interface Distributed {
  readonly reports: readonly StoreReport[];
  /** What a login with the secret said. */
  readonly login: Verdict;
}

/**
 * Puts a document into stores, reads it back, logs in with it, and makes it current where a store stages: nothing
 * becomes current that is known not to work. Where another run has written meanwhile, the one whose secret logs in
 * writes last. Where the run fails by the login, the document is marked, so that the next run verifies it: only then
 * is it written a second time, because a mark in each first write would cost every rotation a second version.
 */
export async function distribute(
  document: StoredDocument,
  stores: readonly OpenedStore[],
  options: Distribution,
): Promise<Distributed> {
  const { genesys, progress, grant, verification, retryFor, verifyFor } = options;
  const written = await storeSecret(stores, document, retryFor, progress);
  const who: Credentials = { clientId: document.clientId, secret: document.clientSecret, grant };
  const [login, readings] = await Promise.all([
    verifyLogin(genesys, who, verifyFor, progress),
    Promise.all(
      written.map(async ({ holds }, index) =>
        holds === "unverified" ? readBack(stores[index] as OpenedStore, document, verifyFor) : undefined,
      ),
    ),
  ]);
  const isValid = login.secret === "valid";
  const isFailure = fails(login, verification);
  const refused = isValid || !isFailure ? undefined : whyNot(login);
  const reports = await Promise.all(
    written.map(async (report, index): Promise<StoreReport> => {
      const store = stores[index] as OpenedStore;
      if (report.holds === "not written" || report.holds === "acknowledged") return report;
      const overtaken = report.holds === "another run's" || readings[index]?.overtaken;
      if (overtaken && isValid) return prevail(store, document, who, options);
      const reason = readings[index]?.reason ?? refused;
      if (overtaken) return { ...report, holds: "another run's", reason };
      if (isFailure) await mark(store, document, verifyFor);
      if (readings[index] !== undefined || login.secret === "invalid") return { ...report, reason };
      const stuck = await promote(store, retryFor);
      if (stuck?.overtaken && isValid) return prevail(store, document, who, options);
      if (stuck?.overtaken) return { ...report, holds: "another run's", reason: stuck.reason };
      if (stuck) {
        return { ...report, holds: "not written", reason: `staged, but not made current: ${stuck.reason}` };
      }
      return isValid ? { ...report, holds: "verified" } : { ...report, reason };
    }),
  );
  return { reports, login };
}

/** More runs than that do not write into one store at the same time without one of them having the last word. */
const MOST_ROUNDS = 10;

/**
 * Settles with other runs which secret a store holds: the one that logs in. Each writes over the others only right
 * after its own secret was seen to log in, so that the run that regenerated last has the last word.
 */
export async function prevail(
  store: OpenedStore,
  document: StoredDocument,
  who: Credentials,
  { genesys, progress, retryFor, verifyFor }: Distribution,
): Promise<StoreReport> {
  const uri = store.uri.text;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const verdict = await tryLogin(genesys, who, verifyFor);
    if (verdict.secret !== "valid") return { uri, holds: "another run's", reason: verdict.reason };
    progress.warn(`${uri}: another run has written a secret that is dead by now; writing over it`);
    const failed = await writeOver(store, document, retryFor);
    if (failed) return { uri, holds: "not written", reason: failed.reason };
    const other = (await readBack(store, document, verifyFor)) ?? (await promote(store, retryFor, true));
    if (!other) return { uri, holds: "verified" };
    if (!other.overtaken) return { uri, holds: "unverified", reason: other.reason };
  }
  return { uri, holds: "another run's", reason: "other runs keep writing it" };
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;

/** Why a store does not hold what it should. */
interface Failed {
  readonly reason: string;
  /** It holds the secret of another run. */
  readonly overtaken: boolean;
}

/**
 * Writes the document into each store, all at the same time, each retried on its own until the limit: while this
 * runs, this process's memory may be the only place that has the secret.
 * @param limit how long to go on, milliseconds
 */
async function storeSecret(
  stores: readonly OpenedStore[],
  document: StoredDocument,
  limit: number,
  progress: Progress,
): Promise<readonly StoreReport[]> {
  const deadline = new Deadline(limit);
  return Promise.all(
    stores.map(async (store): Promise<StoreReport> => {
      const uri = store.uri.text;
      const failed = await retried(
        () => store.write(document),
        deadline,
        (why) => progress.warn(`${uri}: ${why}; trying again`),
      );
      if (failed)
        return { uri, holds: failed.overtaken ? "another run's" : "not written", reason: failed.reason };
      progress.info(`Stored in ${uri}`);
      return { uri, holds: store.readable ? "unverified" : "acknowledged" };
    }),
  );
}

/**
 * Notes in the store that the secret was not seen to log in, unless another run has written meanwhile. Failing is
 * harmless: without the mark the next run regenerates what is valid by then, and replaces nothing that is unknown.
 */
async function mark(store: OpenedStore, document: StoredDocument, limit: number): Promise<void> {
  await retried(async () => {
    const held = await store.read();
    if (held && isSameSecret(held, document)) await store.write({ ...document, verified: false });
  }, new Deadline(limit));
}

/**
 * Writes over the secret of another run.
 * @param limit how long to go on, milliseconds
 * @returns why it was not written; undefined when it was
 */
function writeOver(store: OpenedStore, document: StoredDocument, limit: number): Promise<Failed | undefined> {
  return retried(() => store.write(document, true), new Deadline(limit));
}

/**
 * Reads a store back.
 * @returns why what it gives is not the document that was written; undefined when it is
 */
async function readBack(
  store: OpenedStore,
  written: StoredDocument,
  limit: number,
): Promise<Failed | undefined> {
  let read: StoredDocument | undefined;
  const failed = await retried(async () => {
    read = await store.read();
  }, new Deadline(limit));
  if (failed) return failed;
  const same = read?.clientId === written.clientId && read.clientSecret.equals(written.clientSecret);
  return same
    ? undefined
    : { reason: "it holds something else by now: another run was later", overtaken: true };
}

/**
 * Makes current what a store that stages has staged; nothing to do for the others.
 * @param over as for `Store.promote`
 * @returns why it could not be made current; undefined when it is
 */
async function promote(store: OpenedStore, limit: number, over = false): Promise<Failed | undefined> {
  return retried(async () => store.promote?.(over), new Deadline(limit));
}

/** @returns why the last try failed; undefined when one succeeded */
async function retried(
  work: () => Promise<void>,
  deadline: Deadline,
  onRetry?: (why: string) => void,
): Promise<Failed | undefined> {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      await work();
      return undefined;
    } catch (error) {
      // An unforeseen fault of one store must not keep the secret from the others; its message might hold anything.
      const reason = error instanceof StoreFault ? error.message : "it failed for an unforeseen reason";
      const overtaken = error instanceof OvertakenFault;
      if (overtaken || pause > deadline.remaining) return { reason, overtaken };
      if (pause === FIRST_PAUSE_MS) onRetry?.(reason);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}
