import { readAdminCredentials, withNamedAdmin } from "../core/admin-credentials";
import type { CredentialVariables } from "../core/child-environment";
import { asKnown } from "../core/defect";
import { type Environment, loadEnvironment, variable } from "../core/environment";
import { exitCodeOf, UsageError } from "../core/errors";
import { readLimits } from "../core/limits";
import { printable } from "../core/printable";
import { readVerification } from "../core/verification";
import { Board } from "../fleet/board";
import { type FleetReport, type Member, rotateFleet } from "../fleet/fleet";
import { Journal, journalPath } from "../fleet/journal";
import { type FleetClient, keyOf, readManifests } from "../fleet/manifest";
import { Org } from "../fleet/org";
import { isLeft } from "../fleet/row";
import { isInShard, parseShard, type Shard } from "../fleet/shard";
import { keepHeapSmall } from "../fleet/small-heap";
import { Stop } from "../fleet/stop";
import { summaryJson, summaryLines } from "../fleet/summary";
import { type Endpoint, readEndpoint } from "../genesys/endpoint";
import { isLoopback } from "../http/connection";
import { credentialVariables } from "../stores/credential-variables";
import { onInterrupt } from "./interrupts";
import { readTakeOver } from "./run-settings";
import { isReplaced, runAfterwards } from "./then-command";

/** Flags of `rotate`, as the command line gives them. */
export interface RotateFlags {
  readonly manifest: readonly string[];
  readonly due?: boolean;
  readonly only?: readonly string[];
  readonly dryRun?: boolean;
  readonly takeOver?: readonly string[];
  readonly shard?: string;
  readonly fresh?: boolean;
  readonly concurrency?: string;
  readonly region?: string;
  readonly envFile?: string;
  readonly retryTimeout?: string;
  readonly verifyTimeout?: string;
  readonly verify?: string;
  readonly json?: boolean;
}

const CONCURRENCY = { usual: 8, most: 64 };

/**
 * `genesys-secret rotate`: new secrets for a whole fleet, or for those of it that are due.
 * @returns 0 when nothing is left to do, 8 when a client failed, 130 or 143 when it was interrupted
 * @throws {GenesysSecretError} when no client could be begun with: its exit code is the command's
 */
export async function rotate(flags: RotateFlags): Promise<number> {
  keepHeapSmall();
  // A copy: libraries of stores take variables out of the process's own for a moment.
  const environment = { ...(await loadEnvironment(flags.envFile)) };
  const shard = flags.shard === undefined ? undefined : parseShard(flags.shard);
  const concurrency = readConcurrency(flags.concurrency);
  const limits = readLimits(flags, environment);
  const [asked, usual] = [readVerification(flags, {}), readVerification({}, environment)];
  const clients = (await readManifests(flags.manifest)).filter(
    (client) => shard === undefined || isInShard(keyOf(client), shard),
  );

  const stop = new Stop();
  const orgs = new Map<string, Org>();
  const pause = (): number => Math.max(0, ...[...orgs.values()].map((org) => org.limits.pause));
  const board = new Board(process.stderr, pause);
  const members = clients.map((client): Member => {
    const key = JSON.stringify([client.region, client.adminCredentials]);
    const org =
      orgs.get(key) ?? orgOf(client, { flags, environment, board, stop, retryFor: limits.retryFor });
    orgs.set(key, org);
    return { client, org };
  });
  onInterrupt((signal) => {
    if (!stop.received)
      board.info(`${signal}: no further client is started; what is being replaced is finished first`);
    stop.interrupt(signal);
  });

  const withheld = withheldFrom(clients, environment);
  const journal = await openJournal(flags, shard, board);
  let report: FleetReport | undefined;
  try {
    report = await rotateFleet(members, {
      ...limits,
      environment,
      withheld,
      progress: board,
      stop,
      due: flags.due ?? false,
      dryRun: flags.dryRun ?? false,
      takeOver: {
        allowed: readTakeOver(flags, environment),
        howTo: (id) => `run the same command again with --take-over ${id}`,
      },
      verificationOf: (client) => asked ?? client.verify ?? usual,
      only: flags.only,
      concurrency,
      journal,
      board,
      afterwards: async ({ then, folder }, rotation, progress) => {
        if (then && isReplaced(rotation))
          await runAfterwards(then as [string, ...string[]], withheld, progress, folder);
      },
    });
  } catch (error) {
    throw asKnown(error, {
      secret: "perhaps changed",
      remedy: "Run again, which heals; and please report this.",
    });
  } finally {
    const allDone = report !== undefined && !report.rows.some(isLeft);
    await journal?.close(allDone).catch(({ code }: NodeJS.ErrnoException) => {
      board.warn(`the journal cannot be closed (${code}); --fresh keeps the next run from taking it up`);
    });
  }
  print(report, flags.json ?? false);
  if (report.interrupted) return exitCodeOf(report.interrupted);
  return report.rows.some(isLeft) ? 8 : 0;
}

interface Surroundings {
  readonly flags: RotateFlags;
  readonly environment: Environment;
  readonly board: Board;
  readonly stop: Stop;
  readonly retryFor: number;
}

/** @throws {UsageError} when the org's region or admin is not to be made out */
function orgOf({ region, adminCredentials }: FleetClient, around: Surroundings): Org {
  const { flags, environment, board, stop, retryFor } = around;
  const named = adminCredentials
    ? withNamedAdmin(environment, adminCredentials.clientIdVariable, adminCredentials.clientSecretVariable)
    : environment;
  const endpoint = readEndpoint(named, region ?? flags.region);
  const minuteMs = readMinute(environment, endpoint);
  const admin = readAdminCredentials(named);
  return new Org({ endpoint, admin, progress: board, abort: stop.signal, retryFor, minuteMs });
}

/** A sandbox's clock may run fast, and say so here; a real minute is one. */
function readMinute(environment: Environment, { api }: Endpoint): number | undefined {
  const name = "GENESYS_SECRET_SANDBOX_MINUTE_MS";
  const text = variable(environment, name);
  if (text === undefined) return undefined;
  if (!isLoopback(new URL(api).hostname))
    throw new UsageError(`${name} is for a sandbox on this machine, which ${new URL(api).hostname} is not.`);
  if (!/^\d{3,5}$/.test(text))
    throw new UsageError(`${name} must be 100 to 99999 milliseconds, it is "${printable(text)}".`);
  return Number(text);
}

function readConcurrency(text: string | undefined): number {
  if (text === undefined) return CONCURRENCY.usual;
  const number = Number(text);
  if (/^\d{1,2}$/.test(text) && number >= 1 && number <= CONCURRENCY.most) return number;
  throw new UsageError(
    `--concurrency must be a whole number from 1 to ${CONCURRENCY.most}, it is "${printable(text)}".`,
  );
}

function withheldFrom(clients: readonly FleetClient[], environment: Environment): CredentialVariables {
  const { admin, stores } = credentialVariables(environment);
  const named = clients.flatMap(({ adminCredentials }) => Object.values(adminCredentials ?? {}));
  return { admin: [...new Set([...admin, ...named])], stores };
}

/** What is due shows in the stores, and a dry run does nothing: neither needs a journal. */
async function openJournal(
  { manifest, due, dryRun, only, fresh }: RotateFlags,
  shard: Shard | undefined,
  board: Board,
): Promise<Journal | undefined> {
  if (due || dryRun) return undefined;
  const path = journalPath(manifest[0] as string, { shard, only });
  const journal = await Journal.open(path, fresh ?? false, (line) => board.info(line));
  if (journal.resumed !== undefined) {
    const started = printable(journal.resumed);
    board.info(`Resuming the run of ${started}: ${journal.done.size} already done; --fresh starts anew`);
  }
  return journal;
}

/** Standard output holds the result: the summary, or with `--json` the document, and the summary beside it. */
function print(report: FleetReport, json: boolean): void {
  const summary = `${summaryLines(report).join("\n")}\n`;
  (json ? process.stderr : process.stdout).write(summary);
  if (json) process.stdout.write(`${summaryJson(report)}\n`);
}
