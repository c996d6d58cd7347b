import { GenesysSecretError, StoreFault } from "../core/errors";
import type { LoginPort } from "../genesys/genesys-port";
import { tryLogin, type Verdict } from "../genesys/try-login";
import type { StoredDocument } from "../stores/document";
import type { OpenedStore } from "../stores/store";
import { notTried, rehearse, STAND_IN } from "./rehearsal";

/** What is found out about one store without changing anything. */
export interface Examined {
  readonly store: OpenedStore;
  /** Why it could not be written now; undefined when it could. */
  readonly notReady?: string;
  readonly remedy?: string;
  readonly document?: StoredDocument;
  /** What a login with the document's secret says; undefined where there is none. */
  readonly login?: Verdict;
  /** A secret that a broken run left staged, if it is valid. */
  readonly stagedValid?: StoredDocument;
  /** What was not tried. */
  readonly notTried?: string;
}

/**
 * Examines one store: whether it is ready, what it holds, and whether that logs in.
 * @param retryFor how long to retry transient faults, milliseconds
 * @param tries whether a write is rehearsed
 */
export async function examine(
  store: OpenedStore,
  logins: LoginPort,
  retryFor: number,
  tries = false,
): Promise<Examined> {
  try {
    await store.prepare(!tries);
    const document = await store.read();
    if (tries) await rehearse([store], { ...(document ?? NOTHING), clientSecret: STAND_IN });
    const staged = await store.readStaged?.();
    // A document does not say its client's grant.
    const tried = ({ clientId, clientSecret: secret }: StoredDocument): Promise<Verdict> =>
      tryLogin(logins, { clientId, secret }, retryFor);
    const login = document && (await tried(document));
    const stagedValid = staged && (await tried(staged)).secret === "valid" ? staged : undefined;
    return { store, document, login, stagedValid, notTried: notTried(store, tries) };
  } catch (error) {
    if (error instanceof GenesysSecretError) return { store, notReady: error.message, remedy: error.remedy };
    if (error instanceof StoreFault) return { store, notReady: error.message };
    throw error;
  } finally {
    await store.release();
  }
}

/** What is rehearsed where nothing is stored yet. */
const NOTHING: StoredDocument = {
  clientId: "00000000-0000-4000-8000-000000000000",
  clientSecret: STAND_IN,
  region: "us-east-1",
  regeneratedAt: "2026-01-01T00:00:00.000Z",
  rotation: null,
  stores: [],
};
