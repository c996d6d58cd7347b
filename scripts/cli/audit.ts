import { homedir } from "node:os";
import { Audit } from "../audit/audit";
import type { Leak } from "../audit/findings";
import { Fingerprints } from "../audit/fingerprint";
import { identityOf, readInputs } from "../audit/inputs";
import { type KillList, readKillList } from "../audit/kill-list";
import { checkLeaks, type LeakVerdict } from "../audit/liveness";
import { Meter } from "../audit/meter";
import { type AuditReport, byUrgency, hasFindings } from "../audit/report";
import { toSarif } from "../audit/sarif";
import { SHORTEST_SEARCHED, type StoredSecret } from "../audit/stored-secrets";
import { childEnvironment } from "../core/child-environment";
import { type Environment, loadEnvironment } from "../core/environment";
import { StoreFault, UsageError } from "../core/errors";
import { EXIT } from "../core/exit-codes";
import { readLimits } from "../core/limits";
import { harmlessJson, printable } from "../core/printable";
import { type Progress, progressOn } from "../core/progress";
import { readEndpoint } from "../genesys/endpoint";
import { Logins } from "../genesys/logins";
import { Transport } from "../genesys/transport";
import { credentialVariables } from "../stores/credential-variables";
import { rowOf } from "../stores/schemes";
import { parseStoreUri } from "../stores/uri";
import { openStores } from "./open-stores";
import { findingsJson, findingsLines } from "./print-findings";
import { regenerate } from "./regenerate";
import type { StoreFlags } from "./run-settings";

/** Flags of `audit`. */
export interface AuditFlags extends StoreFlags {
  readonly git?: boolean;
  readonly checkLive?: boolean;
  /** `CLIENT_ID=STORE`, each. */
  readonly kill?: readonly string[];
  readonly sarif?: boolean;
}

const NOT_CHECKED = "--check-live was not given";

/** What the parts of an audit share. */
interface Surroundings {
  readonly flags: AuditFlags;
  readonly environment: Environment;
  readonly progress: Progress;
  readonly meter: Meter;
}

/**
 * `genesys-secret audit`: finds client secrets in what already exists; changes nothing but with `--kill`.
 * @returns 0 when nothing is found, or nothing but what is known to be invalid; 10 on findings; regenerate's codes when a kill failed
 */
export async function audit(paths: readonly string[], flags: AuditFlags, version: string): Promise<number> {
  if (flags.json && flags.sarif) throw new UsageError("--json and --sarif: both want standard output.");
  const inputs = await readInputs(paths);
  const kills = readKillList(flags.kill);
  const environment = await loadEnvironment(flags.envFile);
  const progress = progressOn(process.stderr);
  const meter = new Meter(process.stderr);
  const around: Surroundings = { flags, environment, progress, meter };
  const login = flags.checkLive || kills.size > 0 ? loginsOf(around) : undefined;

  const findings = await new Audit({
    inputs,
    stored: await storedSecrets(around),
    storeFiles: await storeFiles([...(flags.store ?? []), ...[...kills.values()].flat()]),
    withHistory: flags.git ?? false,
    meter,
    stdin: process.stdin,
    environment: childEnvironment(credentialVariables(environment)),
  }).run();

  const { leaks } = findings;
  let verdicts = await login?.check(leaks);
  const killed = verdicts ? await kill(kills, verdicts, around) : undefined;
  // What the login service says after a kill is what counts.
  if (killed && killed.clientIds.size > 0) {
    const again = leaks.filter((leak) => killed.clientIds.has(verdicts?.get(leak)?.clientId ?? ""));
    verdicts = new Map([...(verdicts ?? []), ...((await login?.check(again)) ?? [])]);
  }
  meter.end();

  const fingerprints = new Fingerprints();
  const report: AuditReport = {
    leaks: byUrgency(
      leaks.map((leak) => {
        const verdict = verdicts?.get(leak) ?? { secret: "unchecked", reason: NOT_CHECKED };
        const clientId = verdict.clientId ?? leak.owners[0]?.clientId;
        const isKilled = clientId !== undefined && killed?.clientIds.has(clientId) === true;
        const { owners, places } = leak;
        return {
          fingerprint: fingerprints.of(leak.secret),
          clientId,
          owners,
          verdict,
          killed: isKilled,
          places,
        };
      }),
    ),
    unread: findings.unread,
    encrypted: findings.encrypted,
    unlisted: findings.unlisted,
    streams: findings.streams,
    unreadHistories: findings.unreadHistories,
    bytes: meter.bytes,
    checkedAt: login?.region,
  };
  process.stdout.write(printed(report, flags, version));
  return killed?.failed ?? (hasFindings(report) ? EXIT.findings : EXIT.done);
}

function printed(report: AuditReport, flags: AuditFlags, version: string): string {
  if (flags.sarif) return `${harmlessJson(toSarif(report, version), 2)}\n`;
  return flags.json ? `${findingsJson(report)}\n` : findingsLines(report);
}

/** The secrets of the stores that are named. @throws {UsageError} when one cannot be read: it would go unsearched */
async function storedSecrets({ flags, environment, progress }: Surroundings): Promise<StoredSecret[]> {
  if (!flags.store?.length) return [];
  const { signal } = new AbortController();
  // A store that prints would be refused beside --json for no reason: it is refused here in any case.
  const stores = await openStores({ store: flags.store }, { environment, progress, signal });
  const secrets: StoredSecret[] = [];
  for (const store of stores) {
    const name = printable(store.uri.text);
    const refuse = (reason: string): UsageError =>
      new UsageError(`The store ${name} ${reason}, so its secret cannot be searched for.`);
    if (!store.readable) throw refuse("cannot be read back");
    try {
      const document = await store.read();
      if (!document) progress.warn(`${name} holds no client and secret: nothing of it is searched for`);
      else if (document.clientSecret.reveal().length < SHORTEST_SEARCHED)
        throw refuse("holds a secret that is too short");
      else secrets.push({ clientId: document.clientId, secret: document.clientSecret, store: name });
    } catch (error) {
      if (error instanceof StoreFault) throw refuse(`cannot be read (${error.message})`);
      throw error;
    } finally {
      await store.release();
    }
  }
  return secrets;
}

/** Files that are stores themselves. */
async function storeFiles(uris: readonly string[]): Promise<string[]> {
  const files = uris
    .map(parseStoreUri)
    .map(({ scheme, target }) => rowOf(scheme).localFile?.(target as string, "", homedir()));
  return Promise.all(files.filter((path) => path !== undefined).map(identityOf));
}

interface LoginCheck {
  /** "us-east-1 (mypurecloud.com)" */
  readonly region: string;
  check(leaks: readonly Leak[]): Promise<ReadonlyMap<Leak, LeakVerdict>>;
}

function loginsOf({ flags, environment, progress, meter }: Surroundings): LoginCheck {
  const endpoint = readEndpoint(environment, flags.region);
  const { retryFor } = readLimits(flags, environment);
  const logins = new Logins(new Transport(endpoint, progress, new AbortController().signal), endpoint);
  const { name, domain } = endpoint.region;
  return {
    region: `${name} (${domain})`,
    check: (leaks) => checkLeaks(leaks, logins, retryFor, (done) => meter.checked(done, leaks.length)),
  };
}

/** Regenerates the clients on the list of which a leaked secret is valid. */
async function kill(
  kills: KillList,
  verdicts: ReadonlyMap<Leak, LeakVerdict>,
  { flags, progress, meter }: Surroundings,
): Promise<{ clientIds: ReadonlySet<string>; failed?: number }> {
  const alive = new Map(
    [...verdicts.values()].flatMap(({ secret, clientId }) =>
      secret === "valid" && clientId !== undefined ? [[clientId.toLowerCase(), clientId] as const] : [],
    ),
  );
  const clientIds = new Set<string>();
  let failed: number | undefined;
  meter.end();
  for (const [id, store] of kills) {
    const clientId = alive.get(id);
    if (clientId === undefined) {
      progress.info(`--kill ${id}: no leaked secret of this client was found alive; nothing was changed`);
      continue;
    }
    progress.info(`A leaked secret of client ${clientId} is alive: regenerating it`);
    const { region, envFile, retryTimeout, verifyTimeout } = flags;
    const code = await regenerate({ clientId, store, region, envFile, retryTimeout, verifyTimeout });
    if (code !== 0) failed ??= code;
    clientIds.add(clientId);
  }
  return { clientIds, failed };
}
