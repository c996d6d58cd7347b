import type { CredentialVariables } from "../core/child-environment";
import { asKnown } from "../core/defect";
import type { Environment } from "../core/environment";
import { InterruptedError } from "../core/errors";
import type { Limits } from "../core/limits";
import { printable } from "../core/printable";
import type { Progress } from "../core/progress";
import type { Verification } from "../core/verification";
import type { OAuthClient } from "../genesys/answers";
import type { TakeOver } from "../rotation/foreign-documents";
import { Interrupts } from "../rotation/interrupts";
import { whyNot } from "../rotation/login-check";
import type { RotationReport } from "../rotation/report";
import { rotate } from "../rotation/rotate";
import { assertHoldable } from "../rotation/rotation-id";
import { unlisted, unlistedWarning } from "../stores/genesys-credential/unlisted-credentials";
import { openStore } from "../stores/open-store";
import type { OpenedStore } from "../stores/store";
import type { BrokenStores } from "./broken-stores";
import { assertReadable, type Done, isOf, presentRotation, readAll, shownDone } from "./due";
import { FleetPort } from "./fleet-port";
import type { FleetClient } from "./manifest";
import type { Org } from "./org";
import { type Row, untouched } from "./row";
import type { Stop } from "./stop";

/** What all clients of a run have in common. */
export interface FleetRun extends Limits {
  readonly environment: Environment;
  /** What no child inherits: the admins of all orgs among it. */
  readonly withheld: CredentialVariables;
  readonly progress: Progress;
  readonly stop: Stop;
  readonly broken: BrokenStores;
  /** Only those that are due. */
  readonly due: boolean;
  /** When the run began that this one takes up, ISO 8601. @default - none is taken up */
  readonly resumed?: string;
  readonly dryRun: boolean;
  /** Whose documents may be replaced. */
  readonly takeOver: TakeOver;
  /** Where a client's secret is verified. */
  readonly verificationOf: (client: FleetClient) => Verification | undefined;
  /** What is to be done when a client's secret was replaced. */
  readonly afterwards: (client: FleetClient, report: RotationReport, progress: Progress) => Promise<void>;
}

/**
 * Runs the protocol for one client, on what the fleet has found out for all. Never throws.
 * @param found the client in Genesys Cloud, or both twins
 */
export async function rotateOne(
  client: FleetClient,
  found: readonly OAuthClient[],
  org: Org,
  run: FleetRun,
): Promise<Row> {
  const label = labelOf(client);
  const progress = warningsOf(label, run.progress);
  const interrupts = new Interrupts();
  const unlisten = run.stop.listen((signal) => {
    // What is being replaced is finished, and counts as done.
    if (!interrupts.critical) interrupts.interrupt(signal);
  });
  let opened: readonly OpenedStore[] = [];
  try {
    const genesys = new FleetPort(org, found, progress, interrupts.signal, run.stop.signal);
    const context = {
      environment: run.environment,
      credentialVariables: run.withheld,
      progress,
      signal: interrupts.signal,
      genesys: org.call,
      stdout: process.stdout,
      folder: client.folder,
    };
    const stores = await Promise.all(client.stores.map((uri) => openStore(uri, context)));
    opened = stores;
    if (!run.dryRun) for (const store of stores) run.broken.guard(store, client.folder);
    const rotation = presentRotation(client.rotation);
    assertHoldable(rotation, client.stores);
    const verification = run.verificationOf(client);
    const look = lookFor({ stores, found, rotation, run, genesys, verification });
    const { done, again } = await interrupts.guard(look);
    if (done) {
      await genesys.signOut();
      const { outcome, reason, unknown } = done;
      if (unknown && unknown.because !== "not tried")
        progress.warn(`left alone, and not verified: ${whyNot(unknown)}`);
      return untouched(label, outcome, { client: found[0], reason, verified: unknown === undefined });
    }
    // From here on the protocol releases them.
    opened = [];
    const warnings = async (one: OAuthClient): Promise<string[]> =>
      unlisted(org.credentials, one, client.stores).map(unlistedWarning);
    const { retryFor, verifyFor, dryRun, due } = run;
    const named = client.takeOver === undefined ? [] : [client.takeOver];
    const takeOver = { ...run.takeOver, allowed: [...run.takeOver.allowed, ...named] };
    const report = await rotate(
      { genesys, region: org.endpoint.region, stores, progress, interrupts, warnings },
      { rotation, again, force: !due, outside: true, verification, dryRun, takeOver, retryFor, verifyFor },
    );
    if (report.error instanceof InterruptedError)
      return untouched(label, "not started", { client: found[0] });
    await run
      .afterwards(client, report, progress)
      .catch((error) => progress.warn(asKnown(error, AGAIN).message));
    return { label, ...report, client: report.client ?? found[0] };
  } catch (error) {
    if (error instanceof InterruptedError) return untouched(label, "not started", { client: found[0] });
    return untouched(label, "failed", { client: found[0], error: asKnown(error, AGAIN) });
  } finally {
    unlisten();
    await Promise.all(opened.map((store) => store.release()));
  }
}

interface Look {
  readonly stores: readonly OpenedStore[];
  readonly found: readonly OAuthClient[];
  readonly rotation: string;
  readonly run: FleetRun;
  readonly genesys: FleetPort;
  readonly verification: Verification | undefined;
}

/** What the stores show of a client before anything is done. */
interface Seen {
  /** Why nothing is left to do. */
  readonly done?: Pick<Done, "unknown"> & {
    readonly outcome: "not due" | "done before";
    readonly reason: string;
  };
  /** Of twins: whether a rotation that shows as done is to be done once more. */
  readonly again: boolean;
}

async function lookFor({ stores, found, rotation, run, genesys, verification }: Look): Promise<Seen> {
  const { due, resumed, retryFor } = run;
  if (!due && resumed === undefined) return { again: true };
  if (due) assertReadable(stores);
  const documents = await readAll(stores);
  const shown = { clients: found, uris: stores.map(({ uri }) => uri.text), documents };
  const check = { logins: genesys, verification, retryFor };
  if (due) {
    const done = await shownDone(shown, isOf(rotation), check);
    if (!done) return { again: false };
    const { document, unknown } = done;
    const state = unknown ? "was not seen to log in" : "logs in";
    const reason = `it has the secret of ${rotation}, regenerated ${document.regeneratedAt}, which ${state}`;
    return { done: { outcome: "not due", reason: printable(reason), unknown }, again: false };
  }
  // It was in flight when the run was interrupted. What is finished is not done again; and of twins another turn would
  // lock out whoever has not read the first one.
  const isNew = ({ regeneratedAt }: { regeneratedAt: string }): boolean =>
    regeneratedAt >= (resumed as string);
  const again = !documents.some((document) => document && isNew(document));
  const allShow = stores.every(({ readable }) => readable);
  const done = again || !allShow ? undefined : await shownDone(shown, isNew, check);
  if (!done) return { again };
  const reason = "its stores show that the run that was interrupted did it";
  return { done: { outcome: "done before", reason, unknown: done.unknown }, again };
}

/** The client as its manifest names it. */
export function labelOf({ name, clientId, twin }: FleetClient): string {
  const label = name ?? (clientId as string);
  return printable(twin === undefined ? label : `${label} and ${twin}`);
}

/** How a client ends that a fault nobody foresaw has met. */
export const AGAIN = { remedy: "Run again; and please report this." };

/** Of a client among many only the warnings are told, each with its name. */
function warningsOf(label: string, all: Progress): Progress {
  return { info: () => {}, warn: (line) => all.warn(`${label}: ${line}`) };
}
