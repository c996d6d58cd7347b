import { GenesysSecretError, StoreFault } from "../core/errors";
import type { LoginPort } from "../genesys/genesys-port";
import type { StoredDocument } from "../stores/document";
import type { OpenedStore } from "../stores/store";
import { type Life, probe } from "./login-check";
import { notTried, rehearse, STAND_IN } from "./rehearsal";

/** What is found out about one store without changing anything. */
export interface Examined {
  readonly store: OpenedStore;
  /** Why it could not be written now; undefined when it could. */
  readonly notReady?: string;
  readonly remedy?: string;
  readonly document?: StoredDocument;
  /** Whether the document's secret lives; undefined where there is none. */
  readonly life?: Life;
  /** A secret that a broken run left staged, if it lives. */
  readonly stagedAlive?: StoredDocument;
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
    const life = document && (await probe(logins, document, retryFor));
    const stagedAlive =
      staged && (await probe(logins, staged, retryFor)).life === "alive" ? staged : undefined;
    return { store, document, life, stagedAlive, notTried: notTried(store, tries) };
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
