import { readEndpoint } from "../config/endpoint";
import { loadEnvironment } from "../config/environment";
import { readLimits } from "../config/limits";
import { type RegenerateFlags, readClientId } from "../config/run-settings";
import { UsageError } from "../errors";
import { Logins } from "../genesys/logins";
import { Transport } from "../genesys/transport";
import { type Progress, progressOn } from "../progress";
import { type Diagnosis, diagnose } from "../rotation/diagnose";
import { distribute } from "../rotation/distribute";
import { type Examined, examine } from "../rotation/examine";
import type { StoreReport } from "../rotation/report";
import type { Store } from "../stores/store";
import { AdminOnDemand } from "./admin-on-demand";
import { openStores } from "./open-stores";
import { diagnosisJson, diagnosisLines } from "./print-diagnosis";
import { regenerate } from "./regenerate";

export interface DoctorFlags extends RegenerateFlags {
  readonly heal?: boolean;
  readonly rotate?: boolean;
}

/** What a look at the stores needs. */
interface Look {
  readonly stores: readonly Store[];
  readonly logins: Logins;
  readonly progress: Progress;
  readonly retryFor: number;
  readonly verifyFor: number;
  readonly clientId: string | undefined;
  readonly isGone: (clientId: string) => Promise<boolean>;
}

/**
 * `genesys-secret doctor`: what each store holds, whether it logs in, what is wrong and what to do. `--heal` copies a
 * working secret to the stores that lack it; with `--rotate`, too, a new one is made where none works.
 * @returns 0 when nothing is wrong (any more), 10 on findings; regenerate's codes when it rotated
 */
export async function doctor(flags: DoctorFlags): Promise<number> {
  if (flags.rotate && !flags.heal) throw new UsageError("--rotate goes with --heal.");
  const environment = await loadEnvironment(flags.envFile);
  const progress = progressOn(process.stderr);
  const endpoint = readEndpoint(environment, flags.region);
  const { signal } = new AbortController();
  const { retryFor, verifyFor } = readLimits(flags, environment);
  const admin = new AdminOnDemand(environment, endpoint, progress, signal, retryFor);
  const stores = await openStores(flags, { environment, progress, signal, genesys: admin.call });
  const look: Look = {
    stores,
    logins: new Logins(new Transport(endpoint, progress, signal), endpoint),
    progress,
    retryFor,
    verifyFor,
    clientId: readClientId(flags, environment),
    isGone: (clientId) => admin.isGone(clientId),
  };
  try {
    return await treat(flags, look);
  } finally {
    await admin.signOut();
  }
}

async function treat(flags: DoctorFlags, look: Look): Promise<number> {
  const { progress } = look;

  let { examined, diagnosis } = await lookAt(look);
  if (flags.heal && diagnosis.source) {
    const failed = await heal(look, examined, diagnosis);
    for (const { uri, reason } of failed) progress.warn(`${uri} could not be healed: ${reason}`);
    ({ examined, diagnosis } = await lookAt(look));
  } else if (flags.rotate && canRotate(examined)) {
    progress.info("No store holds a working secret: making a new one");
    return regenerate(flags);
  }
  process.stdout.write(
    flags.json ? `${diagnosisJson(examined, diagnosis)}\n` : diagnosisLines(examined, diagnosis),
  );
  return diagnosis.findings.length === 0 ? 0 : 10;
}

async function lookAt({
  stores,
  logins,
  retryFor,
  clientId,
  isGone,
}: Look): Promise<{ examined: Examined[]; diagnosis: Diagnosis }> {
  const examined = await Promise.all(stores.map((store) => examine(store, logins, retryFor)));
  const dead = examined.flatMap(({ document, life }) =>
    document && life?.life === "dead" ? [document.clientId] : [],
  );
  const gone: string[] = [];
  for (const id of new Set(dead)) if (await isGone(id)) gone.push(id);
  return { examined, diagnosis: diagnose(examined, clientId, gone) };
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
  const alive = examined.find(({ document, life }) => life?.life === "alive" && document === source)?.life;
  const grant = alive?.life === "alive" ? alive.grant : "CLIENT-CREDENTIALS";
  const document = { ...source, stores: look.stores.map(({ uri }) => uri.text) };
  try {
    for (const store of into) await store.prepare(false);
    const { reports } = await distribute(document, into, {
      genesys: logins,
      progress,
      grant,
      retryFor,
      verifyFor,
    });
    return reports.filter(({ holds }) => holds === "not written" || holds === "unverified");
  } finally {
    await Promise.all(into.map((store) => store.release()));
  }
}

/** Only what is known to be dead or absent may be replaced: a login service out of reach proves nothing. */
function canRotate(examined: readonly Examined[]): boolean {
  return examined.every(({ life }) => life?.life !== "unknown");
}
