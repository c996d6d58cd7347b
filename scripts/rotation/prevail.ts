import { describeFailure } from "../genesys/failure";
import type { Credentials } from "../genesys/login";
import type { StoredDocument } from "../stores/document";
import type { Store } from "../stores/store";
import type { Distribution } from "./distribute";
import type { StoreReport } from "./report";
import { promote, readBack, writeOver } from "./store-secret";

/** More runs than that do not write into one store at the same time without one of them having the last word. */
const MOST_ROUNDS = 10;

/**
 * Settles with other runs which secret a store holds: the one that logs in. Each writes over the others only right
 * after its own secret was seen to log in, so that the run that regenerated last has the last word.
 */
export async function prevail(
  store: Store,
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
