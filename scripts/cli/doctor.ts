import { loadEnvironment } from "../core/environment";
import { UsageError } from "../core/errors";
import { EXIT } from "../core/exit-codes";
import { readLimits } from "../core/limits";
import { type Progress, progressOn } from "../core/progress";
import { readVerification } from "../core/verification";
import { readEndpoint } from "../genesys/endpoint";
import type { LoginPort } from "../genesys/genesys-port";
import { Logins } from "../genesys/logins";
import { Transport } from "../genesys/transport";
import { NO_LOGINS } from "../genesys/try-login";
import { type Diagnosis, diagnose, missesRotation } from "../rotation/diagnose";
import { distribute } from "../rotation/distribute";
import { type Examined, examine } from "../rotation/examine";
import { isKnownInvalid } from "../rotation/foreign-documents";
import { byClient } from "../rotation/owners";
import type { StoreReport } from "../rotation/report";
import { readRotation } from "../rotation/rotation-id";
import type { OpenedStore } from "../stores/store";
import { AdminOnDemand } from "./admin-on-demand";
import { openStores } from "./open-stores";
import { diagnosisJson, diagnosisLines } from "./print-diagnosis";
import { regenerate } from "./regenerate";
import { type RegenerateFlags, readClientIds, readTakeOver } from "./run-settings";

export interface DoctorFlags extends RegenerateFlags {
  readonly heal?: boolean;
  readonly rotate?: boolean;
}

/** What a look at the stores needs. */
interface Look {
  readonly stores: readonly OpenedStore[];
  readonly logins: LoginPort;
  readonly progress: Progress;
  readonly retryFor: number;
  readonly verifyFor: number;
  readonly clientIds: readonly string[];
  readonly rotation: string | null;
  readonly rehearse?: boolean;
  /** AWS name of the region. */
  readonly region: string;
  /** Ids of the clients whose documents may be replaced. */
  readonly takeOver: readonly string[];
  /** What a command that is advised has to repeat. */
  readonly repeated: readonly string[];
  readonly isGone: (clientId: string) => Promise<boolean>;
}

/**
 * `genesys-secret doctor`: what each store holds, whether it logs in, what is wrong and what to do. `--heal` copies a
 * working secret to the stores that lack it; with `--rotate`, too, a new one is made where none works, or where the
 * one that does is not of the rotation that was named.
 * @returns 0 when nothing is wrong (any more), 10 on findings; regenerate's codes when it rotated
 */
export async function doctor(flags: DoctorFlags): Promise<number> {
  if (flags.rotate && !flags.heal) throw new UsageError("--rotate goes with --heal.");
  const environment = await loadEnvironment(flags.envFile);
  const progress = progressOn(process.stderr);
  const endpoint = readEndpoint(environment, flags.region);
  const elsewhere = readVerification(flags, environment) === "elsewhere";
  if (elsewhere && flags.heal)
    throw new UsageError(
      '--heal needs logins, and verify is "elsewhere": run it where the client may log in.',
    );
  const { signal } = new AbortController();
  const { retryFor, verifyFor } = readLimits(flags, environment);
  const admin = new AdminOnDemand(environment, endpoint, progress, signal, retryFor);
  const stores = await openStores(flags, { environment, progress, signal, genesys: admin.call });
  const look: Look = {
    stores,
    logins: elsewhere ? NO_LOGINS : new Logins(new Transport(endpoint, progress, signal), endpoint),
    progress,
    retryFor,
    verifyFor,
    clientIds: readClientIds(flags, environment),
    rotation: readRotation(flags, environment),
    rehearse: flags.rehearse,
    region: endpoint.region.name,
    takeOver: readTakeOver(flags, environment),
    repeated: [
      ...(flags.region === undefined ? [] : ["--region", flags.region]),
      ...(flags.envFile === undefined ? [] : ["--env-file", flags.envFile]),
    ],
    isGone: (clientId) => admin.isGone(clientId),
  };
  try {
    return await treat(flags, look);
  } finally {
    await admin.signOut();
  }
}

/** The stores of one client, and what is to be said of them. */
interface Case {
  readonly examined: readonly Examined[];
  readonly diagnosis: Diagnosis;
}

async function treat(flags: DoctorFlags, look: Look): Promise<number> {
  const { progress, stores } = look;

  let cases = await lookAt(look);
  if (flags.rotate && cases.length === 1 && cases.every((one) => canMakeUpFor(one, look))) {
    progress.info("The secret that works is of another rotation: making a new one");
    return regenerate({ ...flags, rehearse: false });
  }
  if (flags.heal && cases.some(({ diagnosis }) => diagnosis.source)) {
    for (const { examined, diagnosis } of cases) {
      const failed = await heal(look, examined, diagnosis);
      for (const { uri, reason } of failed) progress.warn(`${uri} could not be healed: ${reason}`);
    }
    cases = await lookAt(look);
  } else if (flags.rotate && cases.every(({ examined }) => canRotate(examined, look.takeOver))) {
    progress.info("No store holds a working secret: making a new one");
    return regenerate({ ...flags, rehearse: false });
  }
  // In the order in which the stores were named.
  const examined = stores.flatMap((store) =>
    cases.flatMap((one) => one.examined.filter((it) => it.store === store)),
  );
  const findings = stores.flatMap(({ uri }) =>
    cases.flatMap(({ diagnosis }) => diagnosis.findings.filter((finding) => finding.uri === uri.text)),
  );
  const [twins] = cases.map(({ diagnosis }) => diagnosis.twins);
  process.stdout.write(
    flags.json ? `${diagnosisJson(examined, findings, twins)}\n` : diagnosisLines(examined, findings, twins),
  );
  return findings.length === 0 ? EXIT.done : EXIT.findings;
}

/** Whose the stores are is said by the client, or the twins, that were named, else by the stores themselves. */
async function lookAt({
  stores,
  logins,
  retryFor,
  clientIds,
  rotation,
  rehearse,
  region,
  takeOver,
  repeated,
  isGone,
}: Look): Promise<readonly Case[]> {
  const examined = await Promise.all(stores.map((store) => examine(store, logins, retryFor, rehearse)));
  const dead = examined
    .filter((one) => isKnownInvalid(one, region))
    .flatMap(({ document }) => document?.clientId ?? []);
  const gone: string[] = [];
  for (const id of new Set(dead)) if (await isGone(id)) gone.push(id);
  const isKept = (one: Examined): boolean =>
    !takeOver.includes(one.document?.clientId ?? "") && !isKnownInvalid(one, region);
  const owned = clientIds.length === 0 ? byClient(examined) : [{ clientIds, examined }];
  return owned.map((one) => ({
    examined: one.examined,
    diagnosis: diagnose(one.examined, one.clientIds, gone, rotation, isKept, repeated),
  }));
}

/** Copies the working secret; a store that cannot be read back is given it, too, for nobody knows what it holds. */
async function heal(
  look: Look,
  examined: readonly Examined[],
  { source, lacking }: Diagnosis,
): Promise<readonly StoreReport[]> {
  const { logins, progress, retryFor, verifyFor } = look;
  const ready = examined.filter(({ notReady }) => notReady === undefined).map(({ store }) => store);
  const into = ready.filter(({ readable, uri }) => !readable || lacking.includes(uri.text));
  if (!source || lacking.length === 0) return [];
  const document = { ...source, stores: examined.map(({ store }) => store.uri.text) };
  try {
    for (const store of into) await store.prepare(false);
    const { reports } = await distribute(document, into, {
      genesys: logins,
      progress,
      retryFor,
      verifyFor,
    });
    return reports.filter(({ holds }) => holds === "not written" || holds === "unverified");
  } finally {
    await Promise.all(into.map((store) => store.release()));
  }
}

/** Whether a rotation was missed, so that the secret that works may be replaced: its own client's, and nobody else's. */
function canMakeUpFor(
  { examined, diagnosis: { source } }: Case,
  { rotation, clientIds, takeOver }: Look,
): boolean {
  if (!source || !missesRotation(source, rotation)) return false;
  return canRotate(examined, [source.clientId, ...clientIds, ...takeOver]);
}

/**
 * Only what is known to be invalid or absent may be replaced: unknown proves nothing, and what is valid is another
 * client's.
 * @param replaced ids of clients whose valid secrets may be replaced, too
 */
function canRotate(examined: readonly Examined[], replaced: readonly string[] = []): boolean {
  return examined.every(
    ({ document, login }) =>
      login === undefined ||
      login.secret === "invalid" ||
      (login.secret === "valid" && document !== undefined && replaced.includes(document.clientId)),
  );
}
