import type { Progress } from "../core/progress";
import { outsideTerraform } from "../core/schedule";
import type { OAuthClient } from "../genesys/answers";
import type { LoginPort } from "../genesys/genesys-port";
import type { StoredDocument } from "../stores/document";
import { type OpenedStore, readOrNotReady } from "../stores/store";
import { assertReplaceable, type ForeignRules } from "./foreign-documents";
import { isSameSecret } from "./holdings";
import { whyInvalid } from "./login-check";
import { type Found, type Plan, planRotation } from "./plan";
import { planTwins } from "./plan-twins";

/** What the preparation needs. */
export interface Preparation extends Pick<ForeignRules, "lookUp" | "owner" | "region" | "takeOver"> {
  /** The client, or both of a pair of twins. */
  readonly clients: readonly OAuthClient[];
  readonly stores: readonly OpenedStore[];
  readonly genesys: LoginPort;
  readonly progress: Progress;
  /** Aborted by an interrupt: no further store is readied then. */
  readonly signal: AbortSignal;
  readonly rotation: string | null;
  readonly again?: boolean;
  readonly force?: boolean;
  readonly outside?: boolean;
  readonly dryRun: boolean;
  /** Of a dry run: whether the stores are readied for a write all the same. */
  readonly rehearse?: boolean;
  /** Limit for the retries of a login, milliseconds. */
  readonly retryFor: number;
}

export interface Prepared {
  readonly plan: Plan;
  readonly holdings: readonly Found[];
  /** The rotation id to note. */
  readonly noted: string | null;
}

/**
 * Readies and locks every store, looks at what they hold, and decides what to do.
 * @throws {StoreNotReadyError} when a store is not ready, or it cannot be told whether a stored secret lives
 */
export async function prepare(preparation: Preparation): Promise<Prepared> {
  const { clients, stores, progress, signal, again = false, force = false } = preparation;
  // In the same order in every run, or two runs with two locks each would wait for each other.
  for (const store of [...stores].sort((one, other) => (one.uri.text < other.uri.text ? -1 : 1))) {
    signal.throwIfAborted();
    await store.prepare(preparation.dryRun && !preparation.rehearse);
    progress.info(`Ready: ${store.uri.text}`);
  }
  const holdings = await Promise.all(
    stores.map(async (store) => {
      const staged = await adoptStaged(preparation, store);
      return {
        uri: store.uri.text,
        readable: store.readable,
        document: staged ?? (await readOrNotReady(store, () => store.read())),
        staged: staged !== undefined,
      };
    }),
  );
  await assertReplaceable(holdings, preparation);
  const [client, twin] = clients as [OAuthClient, OAuthClient?];
  const noted = notedRotation(preparation, holdings);
  const wanted = { clientId: client.id, rotation: noted, stores: stores.map((store) => store.uri.text) };
  if (twin) {
    const alive = await livingOf(
      preparation,
      holdings.flatMap(({ document }) => document ?? []),
    );
    const found = holdings.map((one) => ({
      ...one,
      alive: alive.some((document) => one.document && isSameSecret(document, one.document)),
    }));
    return { plan: planTwins({ ...wanted, twinId: twin.id, again }, found), holdings, noted };
  }
  const regenerate = (reason: string): Prepared => ({
    plan: { action: "regenerate", clientId: client.id, reason },
    holdings,
    noted,
  });
  if (force) return regenerate("it was asked for");
  const plan = planRotation(wanted, holdings);
  if (plan.action === "regenerate") return { plan, holdings, noted };
  const dead = await whyOursIsDead(preparation, plan.document);
  return dead === undefined
    ? { plan, holdings, noted }
    : regenerate(`the stored secret does not log in (${dead})`);
}

function notedRotation({ rotation, outside }: Preparation, holdings: readonly Found[]): string | null {
  if (rotation === null || !outside) return rotation;
  const isHeld = holdings.some(({ document }) => document?.rotation === rotation);
  return outsideTerraform(rotation, isHeld ? rotation : undefined);
}

/**
 * What a run that broke off left staged may be the only secret that lives: then it is made current before anything
 * else is tried. A dead one is cleaned up by the next write.
 */
async function adoptStaged(
  preparation: Preparation,
  store: OpenedStore,
): Promise<StoredDocument | undefined> {
  const staged = await readOrNotReady(store, async () => store.readStaged?.());
  if (!staged || !isOfOurs(preparation, staged)) return undefined;
  if ((await whyOursIsDead(preparation, staged)) !== undefined) return undefined;
  if (!preparation.dryRun) {
    await readOrNotReady(store, async () => store.promote?.());
    preparation.progress.info(
      `${store.uri.text}: a run that broke off had staged a secret that lives; it is current now`,
    );
  }
  return staged;
}

/** Those of the documents that hold a living secret of ours; each secret is tried once, however many stores hold it. */
async function livingOf(
  preparation: Preparation,
  documents: readonly StoredDocument[],
): Promise<readonly StoredDocument[]> {
  const living: StoredDocument[] = [];
  const tried: StoredDocument[] = [];
  for (const document of documents) {
    if (!isOfOurs(preparation, document) || tried.some((other) => isSameSecret(other, document))) continue;
    tried.push(document);
    if ((await whyOursIsDead(preparation, document)) === undefined) living.push(document);
  }
  return living;
}

/** Why a stored secret of ours does not live. */
function whyOursIsDead(
  { clients, genesys, retryFor }: Preparation,
  { clientId, clientSecret: secret }: StoredDocument,
): Promise<string | undefined> {
  const grant = clients.find(({ id }) => id === clientId)?.authorizedGrantType ?? "";
  return whyInvalid(genesys, { clientId, secret, grant }, retryFor);
}

function isOfOurs({ clients }: Preparation, document: StoredDocument): boolean {
  return clients.some(({ id }) => id === document.clientId);
}
