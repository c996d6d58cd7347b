import { loadEnvironment } from "../core/environment";
import {
  ClientError,
  GenesysSecretError,
  StoreNotReadyError,
  UnavailableError,
  UsageError,
} from "../core/errors";
import { readLimits } from "../core/limits";
import { printable } from "../core/printable";
import { type Progress, progressOn } from "../core/progress";
import { ADOPTED } from "../core/schedule";
import type { Secret } from "../core/secret";
import { readVerification, type Verification } from "../core/verification";
import { readEndpoint } from "../genesys/endpoint";
import type { LoginPort } from "../genesys/genesys-port";
import { Logins } from "../genesys/logins";
import { Transport } from "../genesys/transport";
import { NO_LOGINS, tryLogin } from "../genesys/try-login";
import { distribute } from "../rotation/distribute";
import { assertReplaceable } from "../rotation/foreign-documents";
import { isSameSecret } from "../rotation/holdings";
import type { Found } from "../rotation/plan";
import { rehearse, STAND_IN } from "../rotation/rehearsal";
import { assertStored } from "../rotation/stored";
import type { StoredDocument } from "../stores/document";
import { type OpenedStore, readOrNotReady } from "../stores/store";
import { isPrinting } from "../stores/traits";
import { openStores } from "./open-stores";
import { type Adoption, adoptionJson, adoptionLines } from "./print-adoption";
import { errorLines } from "./print-report";
import { readSecret } from "./read-secret";
import { readClientIds, readTakeOver, type StoreFlags } from "./run-settings";

/**
 * `genesys-secret adopt`: puts a secret that is in use into its stores, so that nothing has to be rotated. Needs no
 * admin. @returns the exit code, of the table of `regenerate`
 */
export async function adopt(flags: StoreFlags): Promise<number> {
  const adoption: Adoption = { verified: false, stores: [] };
  try {
    await run(flags, adoption);
  } catch (error) {
    if (!(error instanceof GenesysSecretError)) throw error;
    adoption.error = error;
  }
  const { error } = adoption;
  for (const line of error ? errorLines(error) : adoptionLines(adoption)) process.stderr.write(`${line}\n`);
  if (flags.json) process.stdout.write(`${adoptionJson(adoption)}\n`);
  return error?.exitCode ?? 0;
}

/** @param adoption what is known so far */
async function run(flags: StoreFlags, adoption: Adoption): Promise<void> {
  const environment = await loadEnvironment(flags.envFile);
  const [clientId, ...others] = readClientIds(flags, environment);
  if (clientId === undefined || others.length > 0)
    throw new UsageError("adopt takes the secret of one client.", "Name it with --client-id.");
  adoption.clientId = clientId;
  const endpoint = readEndpoint(environment, flags.region);
  const { retryFor, verifyFor } = readLimits(flags, environment);
  const verification = readVerification(flags, environment);
  const takeOver = {
    allowed: readTakeOver(flags, environment),
    howTo: (id: string) => `run the same command again with --take-over ${id}`,
  };
  const progress = progressOn(process.stderr);
  const { signal } = new AbortController();
  const stores = await openStores(flags, { environment, progress, signal });
  const printing = stores.find(({ uri }) => isPrinting(uri));
  if (printing)
    throw new UsageError(`adopt keeps a secret, and the store ${printing.uri.scheme}: only prints it.`);
  const here = new Logins(new Transport(endpoint, progress, signal), endpoint);
  const logins = verification === "elsewhere" ? NO_LOGINS : here;

  const secret = await readSecret(`Secret of the client ${printable(clientId)} (it is not shown): `);
  await assertValid({ clientId, secret, logins, retryFor, verification });
  adoption.verified = verification !== "elsewhere";
  try {
    const found = await prepare(stores, progress);
    const region = endpoint.region.name;
    const clients = [{ id: clientId, name: "" }];
    await assertReplaceable(found, { clients, region, takeOver, genesys: logins, progress, retryFor });
    if (!adoption.verified) assertNoOther(found, clientId, secret);
    const document = documentOf({ clientId, secret, region, found });
    const isSeen = stores.some(({ readable }) => readable);
    adoption.next = isSeen ? (document.rotation === ADOPTED ? "spared" : "due") : "unseen";
    await rehearse(stores, { ...document, clientSecret: STAND_IN });
    const distribution = { genesys: logins, progress, verification, retryFor, verifyFor };
    const { reports } = await distribute(document, stores, distribution);
    adoption.stores = reports;
    assertStored(reports, "not changed", undefined, false);
  } finally {
    await Promise.all(stores.map((store) => store.release()));
  }
}

interface Offered {
  readonly clientId: string;
  readonly secret: Secret;
  readonly logins: LoginPort;
  readonly retryFor: number;
  readonly verification: Verification | undefined;
}

/**
 * A secret is stored only when a login has taken it, or the user says that it is verified elsewhere.
 * @throws {ClientError | UnavailableError} before any store is touched
 */
async function assertValid({ clientId, secret, logins, retryFor, verification }: Offered): Promise<void> {
  if (verification === "elsewhere") return;
  const verdict = await tryLogin(logins, { clientId, secret }, retryFor);
  if (verdict.secret === "valid") return;
  if (verdict.secret === "invalid") {
    throw new ClientError(`The login service refuses this client and this secret (${verdict.reason}).`, {
      code: "ERR_NOT_ADOPTED",
      remedy: "Nothing was stored. Check the client id, the secret and the region, then run again.",
    });
  }
  throw new UnavailableError(`Whether this secret is valid is unknown (${verdict.reason}).`, {
    code: "ERR_NOT_PROVEN",
    remedy:
      "Nothing was stored. Run it where the client may log in, or with --verify elsewhere, which stores the secret unproven.",
  });
}

/** Readies and locks every store, in the same order in every run, and reads what it holds. */
async function prepare(stores: readonly OpenedStore[], progress: Progress): Promise<readonly Found[]> {
  for (const store of [...stores].sort((one, other) => (one.uri.text < other.uri.text ? -1 : 1))) {
    await store.prepare(false);
    progress.info(`Ready: ${store.uri.text}`);
  }
  return Promise.all(
    stores.map(async (store) => ({
      uri: store.uri.text,
      readable: store.readable,
      document: store.readable ? await readOrNotReady(store, () => store.read()) : undefined,
    })),
  );
}

/** What was not seen to log in must not replace what may. @throws {StoreNotReadyError} */
function assertNoOther(found: readonly Found[], clientId: string, secret: Secret): void {
  const other = found.find(
    ({ document }) => document?.clientId === clientId && !document.clientSecret.equals(secret),
  );
  if (!other) return;
  throw new StoreNotReadyError(
    `${printable(other.uri)} holds another secret of this client, and nothing proves which of the two is valid.`,
    "Run it where the client may log in, without --verify elsewhere.",
  );
}

interface Proven {
  readonly clientId: string;
  readonly secret: Secret;
  readonly region: string;
  readonly found: readonly Found[];
}

/** A secret that a store has of a rotation keeps that rotation's id: noted as adopted it would spare another one. */
function documentOf({ clientId, secret: clientSecret, region, found }: Proven): StoredDocument {
  const adopted = {
    clientId,
    clientSecret,
    region,
    regeneratedAt: new Date().toISOString(),
    rotation: ADOPTED,
    stores: found.map(({ uri }) => uri),
  };
  const held = found.find(({ document }) => document && isSameSecret(document, adopted))?.document;
  if (!held) return adopted;
  const { rotation, regeneratedAt, owner } = held;
  return { ...adopted, rotation, regeneratedAt: regeneratedAt || adopted.regeneratedAt, owner };
}
