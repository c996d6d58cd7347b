import { readAdminCredentials } from "../core/admin-credentials";
import { loadEnvironment } from "../core/environment";
import { GenesysSecretError, UsageError } from "../core/errors";
import { readLimits } from "../core/limits";
import { progressOn } from "../core/progress";
import { readVerification } from "../core/verification";
import type { OAuthClient } from "../genesys/answers";
import { readEndpoint } from "../genesys/endpoint";
import { GenesysCloud } from "../genesys/genesys-cloud";
import type { RotationReport } from "../rotation/report";
import { rotate } from "../rotation/rotate";
import { assertHoldable, readRotation } from "../rotation/rotation-id";
import { credentialVariables } from "../stores/credential-variables";
import { unlistedCredentials, unlistedWarning } from "../stores/genesys-credential/unlisted-credentials";
import { listenForInterrupts } from "./interrupts";
import { openStores } from "./open-stores";
import { reportJson, reportLines } from "./print-report";
import { type RegenerateFlags, readAgain, readOwner, readTarget, underTerraform } from "./run-settings";
import { takeOverOf } from "./take-over";
import { isReplaced, readThen, runAfterwards } from "./then-command";

/** `genesys-secret regenerate`. @returns the exit code */
export async function regenerate(flags: RegenerateFlags): Promise<number> {
  const report = await run(flags).catch((error): RotationReport => {
    if (!(error instanceof GenesysSecretError)) throw error;
    return { outcome: "failed", secret: "not changed", stores: [], error };
  });
  for (const line of reportLines(report)) process.stderr.write(`${line}\n`);
  if (flags.json) process.stdout.write(`${reportJson(report)}\n`);
  return report.error?.exitCode ?? 0;
}

/** @throws {UsageError} before anything is sent or touched */
async function run(flags: RegenerateFlags): Promise<RotationReport> {
  const environment = await loadEnvironment(flags.envFile);
  const target = readTarget(flags, environment);
  const rotation = readRotation(flags, environment);
  const endpoint = readEndpoint(environment, flags.region);
  const admin = readAdminCredentials(environment);
  const { retryFor, verifyFor } = readLimits(flags, environment);
  const verification = readVerification(flags, environment);
  const then = readThen(flags, environment);
  if (flags.rehearse && !flags.dryRun)
    throw new UsageError("--rehearse goes with --dry-run: a run that writes rehearses each write anyway.");

  const progress = progressOn(process.stderr);
  const interrupts = listenForInterrupts(underTerraform(environment), (line) => progress.info(line));
  const genesys = new GenesysCloud({ endpoint, admin, target, progress, abort: interrupts.signal, retryFor });
  const stores = await openStores(flags, {
    environment,
    progress,
    signal: interrupts.signal,
    genesys: genesys.call,
  });
  const uris = stores.map(({ uri }) => uri);
  assertHoldable(rotation, uris);
  const warnings = async (client: OAuthClient): Promise<string[]> =>
    (await unlistedCredentials(genesys.callOnce, client, uris)).map(unlistedWarning);
  const report = await rotate(
    { genesys, region: endpoint.region, stores, progress, interrupts, warnings },
    {
      rotation,
      again: readAgain(flags, environment),
      dryRun: flags.dryRun ?? false,
      rehearse: flags.rehearse,
      owner: readOwner(environment),
      takeOver: takeOverOf(flags, environment, uris, rotation),
      verification,
      retryFor,
      verifyFor,
    },
  );
  if (then && isReplaced(report)) await runAfterwards(then, credentialVariables(environment), progress);
  return report;
}
