import { loadEnvironment } from "../core/environment";
import {
  GenesysSecretError,
  NotRemovedError,
  SecretInUseError,
  StoreFault,
  UsageError,
} from "../core/errors";
import { EXIT } from "../core/exit-codes";
import { readLimits } from "../core/limits";
import { printable } from "../core/printable";
import { progressOn } from "../core/progress";
import { readVerification } from "../core/verification";
import type { OpenedStore } from "../stores/store";
import { agrees } from "./ask";
import { type LoginSurroundings, tryStored } from "./document-login";
import { openStores } from "./open-stores";
import { type Removal, removalJson, removalLines } from "./print-removal";
import { errorLines } from "./print-report";
import { readClientIds, type StoreFlags, underTerraform } from "./run-settings";

export interface RemoveFlags extends StoreFlags {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

/**
 * `genesys-secret remove`: takes a client's document out of the stores, when the client is destroyed. Documents of
 * other clients, and others' fields, stay. Outside Terraform it refuses to take what may be the only copy of a valid
 * secret, unless it is told to.
 * @returns 0 when no store holds it any more
 */
export async function remove(flags: RemoveFlags): Promise<number> {
  const rows: Removal[] = [];
  let error: GenesysSecretError | undefined;
  try {
    await run(flags, rows);
  } catch (fault) {
    if (!(fault instanceof GenesysSecretError)) throw fault;
    error = fault;
  }
  for (const line of [...removalLines(rows), ...(error ? errorLines(error) : [])])
    process.stderr.write(`${line}\n`);
  if (flags.json) process.stdout.write(`${removalJson(rows, error)}\n`);
  return error?.exitCode ?? EXIT.done;
}

/**
 * @param rows what became of each store
 * @throws {UsageError}
 * @throws {SecretInUseError} when a secret may be valid, and nobody said that it may go: nothing was removed
 * @throws {NotRemovedError} when a store failed
 */
async function run(flags: RemoveFlags, rows: Removal[]): Promise<void> {
  const environment = await loadEnvironment(flags.envFile);
  const clientIds = readClientIds(flags, environment);
  if (clientIds.length === 0)
    throw new UsageError("No client is named.", "Name it with --client-id or in TARGET_CLIENT_ID.");
  const progress = progressOn(process.stderr);
  const { signal } = new AbortController();
  const { retryFor } = readLimits(flags, environment);
  const stores = await openStores(flags, { environment, progress, signal });
  const verification = readVerification(flags, environment);
  const logins = { environment, progress, signal, retryFor, verification, region: flags.region };
  try {
    for (const store of stores) rows.push(await look(store, clientIds, logins));
    // Terraform destroys the client next, and its secret with it.
    const inUse = underTerraform(environment) ? [] : rows.filter(({ secret }) => isInUse(secret));
    if (inUse.length > 0 && !flags.yes) {
      const question = `${inUse.map(describe).join("; ")}. Remove it all the same?`;
      if (flags.dryRun || !(await agrees(question))) throw new SecretInUseError(inUse.map(describe));
    }
    for (const [index, store] of stores.entries()) {
      const row = rows[index] as Removal;
      if (row.outcome !== "would remove" || flags.dryRun) continue;
      rows[index] = { ...row, ...(await take(store, clientIds)) };
    }
  } finally {
    await Promise.all(stores.map((store) => store.release()));
  }
  const failed = rows.filter(({ outcome }) => outcome === "failed");
  if (failed.length > 0) throw new NotRemovedError(failed.map(({ uri, reason }) => `${uri}: ${reason}`));
}

/** What a store holds of the clients, and whether a login takes it; nothing is changed. */
async function look(
  store: OpenedStore,
  clientIds: readonly string[],
  logins: LoginSurroundings,
): Promise<Removal> {
  const uri = store.uri.text;
  if (!store.remove) return { uri, outcome: "cannot" };
  try {
    // As for a dry run: a store that would be created is not to be created for this.
    await store.prepare(true);
    if (!store.readable)
      return { uri, outcome: "would remove", secret: "unknown", reason: "it cannot be read" };
    const document = await store.read();
    if (!document || !clientIds.includes(document.clientId)) return { uri, outcome: "nothing" };
    if (underTerraform(logins.environment)) return { uri, outcome: "would remove" };
    const verdict = await tryStored(document, logins);
    const reason = verdict.secret === "valid" ? undefined : verdict.reason;
    return { uri, outcome: "would remove", secret: verdict.secret, reason };
  } catch (error) {
    return { uri, outcome: "failed", reason: messageOf(error) };
  }
}

async function take(
  store: OpenedStore,
  clientIds: readonly string[],
): Promise<Pick<Removal, "outcome" | "reason">> {
  try {
    for (const clientId of clientIds) if (await store.remove?.(clientId)) return { outcome: "removed" };
    return { outcome: "nothing" };
  } catch (error) {
    return { outcome: "failed", reason: messageOf(error) };
  }
}

function isInUse(secret: Removal["secret"]): boolean {
  return secret === "valid" || secret === "unknown";
}

function describe({ uri, secret, reason }: Removal): string {
  const why = reason === undefined ? "" : ` (${printable(reason)})`;
  return secret === "valid"
    ? `${printable(uri)} holds a secret that is valid`
    : `it is unknown whether what ${printable(uri)} holds is valid${why}`;
}

/** @throws what is no fault of a store */
function messageOf(error: unknown): string {
  if (error instanceof StoreFault || error instanceof GenesysSecretError) return printable(error.message);
  throw error;
}
