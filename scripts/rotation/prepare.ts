import { NotVerifiedError, StoreNotReadyError } from "../core/errors";
import type { Progress } from "../core/progress";
import { outsideTerraform } from "../core/schedule";
import type { Verification } from "../core/verification";
import type { OAuthClient } from "../genesys/answers";
import type { LoginPort } from "../genesys/genesys-port";
import { knock } from "../genesys/knock";
import { tryLogin, type Unknown, type Verdict } from "../genesys/try-login";
import type { StoredDocument } from "../stores/document";
import { type OpenedStore, readOrNotReady } from "../stores/store";
import { assertReplaceable, type ForeignRules } from "./foreign-documents";
import { isSameSecret } from "./holdings";
import { fails, notKnown, remedyOf, whyNot } from "./login-check";
import { type Found, type Plan, planRotation } from "./plan";
import { planTwins } from "./plan-twins";

/** What the preparation needs. */
export interface Preparation extends Pick<ForeignRules, "lookUp" | "owner" | "region" | "takeOver"> {
  /** The client, or both of a pair of twins. */
  readonly clients: readonly OAuthClient[];
  readonly stores: readonly OpenedStore[];
  readonly genesys: LoginPort;
  readonly verification?: Verification;
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
  /** Of a copy: what a login with its secret said. */
  readonly login?: Verdict;
}

/**
 * Readies and locks every store, looks at what they hold, and decides what to do.
 * @throws {StoreNotReadyError} when a store is not ready
 * @throws {StoreNotReadyError | NotVerifiedError} when a valid secret might be replaced that nobody asked to replace
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
    const documents = holdings.flatMap(({ document }) => document ?? []);
    const valid = await validOf(preparation, documents);
    const loginOf = (document: StoredDocument): Verdict | undefined =>
      valid.find((one) => isSameSecret(one.document, document))?.login;
    const found = holdings.map((one) => ({
      ...one,
      alive: one.document !== undefined && loginOf(one.document) !== undefined,
    }));
    const plan = planTwins({ ...wanted, twinId: twin.id, again }, found);
    if (plan.action === "regenerate") await assertLetIn(preparation, plan.clientId);
    return plan.action === "copy"
      ? copied(plan, holdings, noted, loginOf(plan.document))
      : { plan, holdings, noted };
  }
  const regenerate = (reason: string): Prepared => ({
    plan: { action: "regenerate", clientId: client.id, reason },
    holdings,
    noted,
  });
  if (force) return regenerate("it was asked for");
  const plan = planRotation(wanted, holdings);
  const doubted = plan.action === "copy" ? plan.document : plan.doubted;
  if (!doubted) return { plan, holdings, noted };
  const login = await tryOurs(preparation, doubted);
  if (plan.action === "regenerate") {
    if (login.secret === "unknown") throw notReplaced(login);
    return { plan, holdings, noted };
  }
  if (login.secret === "invalid") return regenerate(`the stored secret does not log in (${login.reason})`);
  if (!fails(login, preparation.verification)) return copied(plan, holdings, noted, login);
  // What is not valid, and not invalid, is unknown.
  const unknown = login as Unknown;
  throw plan.document.verified === false ? stillNotVerified(unknown) : notKnown(unknown);
}

/** A copy of what logs in loses the mark of a run that had not seen it. */
function copied(
  plan: Plan & { action: "copy" },
  holdings: readonly Found[],
  noted: string | null,
  login: Verdict | undefined,
): Prepared {
  if (login?.secret !== "valid") return { plan, holdings, noted, login };
  const { verified: _, ...document } = plan.document;
  return { plan: { ...plan, document }, holdings, noted, login };
}

/** The end of `terraform apply -replace` where a valid secret might be replaced. */
function notReplaced(login: Unknown): NotVerifiedError {
  return new NotVerifiedError(
    `It is not known whether the stored secret is valid (${whyNot(login)}), so it was not replaced.`,
    {
      code: "ERR_NOT_VERIFIED",
      remedy:
        "To replace it all the same, set a new rotation id (--rotation, Rotation.version) and run again.",
    },
  );
}

/** The end of a run that finds the mark of an earlier one, and knows no more than that one did. */
function stillNotVerified(login: Unknown): NotVerifiedError {
  return new NotVerifiedError(
    `The secret that an earlier run has stored was still not seen to log in: ${whyNot(login)}.`,
    {
      code: "ERR_NOT_VERIFIED",
      remedy:
        "Run again when the login service lets this machine in; it is replaced only if it is invalid. A new rotation id replaces it at once.",
    },
  );
}

function notedRotation({ rotation, outside }: Preparation, holdings: readonly Found[]): string | null {
  if (rotation === null || !outside) return rotation;
  const isHeld = holdings.some(({ document }) => document?.rotation === rotation);
  return outsideTerraform(rotation, isHeld ? rotation : undefined);
}

/**
 * What a run that was interrupted left staged may be the only valid secret: then it is made current before anything else is
 * tried. Where it is not known, the one that was regenerated later counts. An invalid one is cleaned up by the next write.
 */
async function adoptStaged(
  preparation: Preparation,
  store: OpenedStore,
): Promise<StoredDocument | undefined> {
  const staged = await readOrNotReady(store, async () => store.readStaged?.());
  if (!staged || !isOfOurs(preparation, staged)) return undefined;
  const login = await tryOurs(preparation, staged);
  if (login.secret === "invalid") return undefined;
  if (login.secret === "unknown") {
    if (login.because === "out of reach") throw notKnown(login);
    const current = await readOrNotReady(store, () => store.read());
    if (current && !(isOfOurs(preparation, current) && current.regeneratedAt < staged.regeneratedAt))
      return undefined;
  }
  if (!preparation.dryRun) {
    await readOrNotReady(store, async () => store.promote?.());
    preparation.progress.info(
      `${store.uri.text}: a run that was interrupted had staged ${login.secret === "valid" ? "a secret that lives" : "a later secret"}; it is current now`,
    );
  }
  return staged;
}

/**
 * Those of the documents that hold a valid secret of ours; each secret is tried once, however many stores hold it. With
 * verify "elsewhere" all count as valid: the newest is in use.
 * @throws {StoreNotReadyError} when it is not known of one: the one that is in use might be regenerated
 */
async function validOf(
  preparation: Preparation,
  documents: readonly StoredDocument[],
): Promise<readonly { document: StoredDocument; login: Verdict }[]> {
  const valid: { document: StoredDocument; login: Verdict }[] = [];
  const tried: StoredDocument[] = [];
  for (const document of documents) {
    if (!isOfOurs(preparation, document) || tried.some((other) => isSameSecret(other, document))) continue;
    tried.push(document);
    const login = await tryOurs(preparation, document);
    if (login.secret === "unknown" && login.because !== "not tried") throw twinsNotKnown(login);
    if (login.secret !== "invalid") valid.push({ document, login });
  }
  return valid;
}

/** A twin's new secret is shown only when it was seen to log in: a machine that may not log in stops before the call. */
async function assertLetIn({ genesys, retryFor }: Preparation, clientId: string): Promise<void> {
  const login = await knock(genesys, clientId, retryFor);
  if (login !== undefined) throw twinsNotKnown(login);
}

function twinsNotKnown(login: Unknown): StoreNotReadyError {
  const remedy =
    login.because === "denied"
      ? "Twins are rotated where both may log in, or with --verify elsewhere (SECRET_VERIFY)."
      : remedyOf(login);
  return new StoreNotReadyError(`It cannot be seen which of the twins logs in: ${whyNot(login)}.`, remedy);
}

/** What a login with a stored secret of ours says. */
function tryOurs(
  { clients, genesys, retryFor }: Preparation,
  { clientId, clientSecret: secret }: StoredDocument,
): Promise<Verdict> {
  const grant = clients.find(({ id }) => id === clientId)?.authorizedGrantType;
  return tryLogin(genesys, { clientId, secret, grant }, retryFor);
}

function isOfOurs({ clients }: Preparation, document: StoredDocument): boolean {
  return clients.some(({ id }) => id === document.clientId);
}
