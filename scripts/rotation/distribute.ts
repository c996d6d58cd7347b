import type { Progress } from "../core/progress";
import { describeFailure } from "../genesys/failure";
import type { LoginPort } from "../genesys/genesys-port";
import type { Credentials } from "../genesys/login";
import type { StoredDocument } from "../stores/document";
import type { OpenedStore } from "../stores/store";
import { verifyLogin } from "./login-check";
import type { StoreReport } from "./report";
import { promote, readBack, storeSecret, writeOver } from "./store-secret";

export interface Distribution {
  readonly genesys: LoginPort;
  readonly progress: Progress;
  /** Grant of the client, which decides how its secret is verified. */
  readonly grant: string;
  /** Limit for each store's retries, milliseconds. */
  readonly retryFor: number;
  /** Limit for the first login, milliseconds. */
  readonly verifyFor: number;
}

export interface Distributed {
  readonly reports: readonly StoreReport[];
  /** Why the secret does not log in; undefined when it does. */
  readonly refused: string | undefined;
}

/**
 * Puts a document into stores, reads it back, logs in with it, and makes it current where a store stages: nothing
 * becomes current before it was seen to work. Where another run has written meanwhile, the one whose secret logs in
 * writes last.
 */
export async function distribute(
  document: StoredDocument,
  stores: readonly OpenedStore[],
  options: Distribution,
): Promise<Distributed> {
  const { genesys, progress, grant, retryFor, verifyFor } = options;
  const written = await storeSecret(stores, document, retryFor, progress);
  const who: Credentials = { clientId: document.clientId, secret: document.clientSecret, grant };
  const [refused, readings] = await Promise.all([
    verifyLogin(genesys, who, verifyFor, progress),
    Promise.all(
      written.map(async ({ holds }, index) =>
        holds === "unverified" ? readBack(stores[index] as OpenedStore, document, verifyFor) : undefined,
      ),
    ),
  ]);
  const reports = await Promise.all(
    written.map(async (report, index): Promise<StoreReport> => {
      const store = stores[index] as OpenedStore;
      if (report.holds === "not written" || report.holds === "acknowledged") return report;
      const overtaken = report.holds === "another run's" || readings[index]?.overtaken;
      if (overtaken && refused === undefined) return prevail(store, document, who, options);
      const reason = readings[index]?.reason ?? refused;
      if (overtaken) return { ...report, holds: "another run's", reason };
      if (reason !== undefined) return { ...report, reason };
      const stuck = await promote(store, retryFor);
      if (stuck?.overtaken) return prevail(store, document, who, options);
      if (stuck) {
        return { ...report, holds: "not written", reason: `staged, but not made current: ${stuck.reason}` };
      }
      return { ...report, holds: "verified" };
    }),
  );
  return { reports, refused };
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
    const login = await genesys.logIn(who, verifyFor);
    if (login.kind === "refused") return { uri, holds: "another run's", reason: login.reason };
    if (login.kind === "unavailable")
      return { uri, holds: "another run's", reason: describeFailure(login.failure) };
    if (login.token) await genesys.revoke(login.token);
    progress.warn(`${uri}: another run has written a secret that is dead by now; writing over it`);
    const failed = await writeOver(store, document, retryFor);
    if (failed) return { uri, holds: "not written", reason: failed.reason };
    const other = (await readBack(store, document, verifyFor)) ?? (await promote(store, retryFor, true));
    if (!other) return { uri, holds: "verified" };
    if (!other.overtaken) return { uri, holds: "unverified", reason: other.reason };
  }
  return { uri, holds: "another run's", reason: "other runs keep writing it" };
}
