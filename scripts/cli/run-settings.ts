import { type Environment, variable } from "../core/environment";
import { UsageError } from "../core/errors";
import { GENESYS_ID } from "../core/patterns";
import { printable } from "../core/printable";
import type { Target } from "../genesys/oauth-clients";
import { isOwner } from "../stores/document";
import { isPrinting, refusalUnderTerraform } from "../stores/traits";
import { refusalOfTwins } from "../stores/twin-stores";
import { parseStoreUri, type StoreUri } from "../stores/uri";
import { assertNotMocked } from "./mocked-resource";

/** Flags that all commands have that look at stores, as the command line gives them. */
export interface StoreFlags {
  readonly store?: readonly string[];
  readonly clientId?: string;
  readonly twinId?: string;
  readonly region?: string;
  readonly envFile?: string;
  readonly retryTimeout?: string;
  readonly verifyTimeout?: string;
  readonly takeOver?: readonly string[];
  readonly verify?: string;
  readonly json?: boolean;
}

/** Flags of `regenerate`. */
export interface RegenerateFlags extends StoreFlags {
  readonly clientName?: string;
  readonly rotation?: string;
  readonly again?: boolean;
  readonly dryRun?: boolean;
  readonly rehearse?: boolean;
  readonly then?: string;
}

/** Set by the construct: the program runs in a local-exec. */
export function underTerraform(environment: Environment): boolean {
  return variable(environment, "GENESYS_SECRET_UNDER_TERRAFORM") === "1";
}

/**
 * The client that is meant; a flag wins over its variable.
 * @throws {UsageError} when none is named, or an id is malformed
 */
export function readTarget(flags: RegenerateFlags, environment: Environment): Target {
  const [clientId, twinId] = readClientIds(flags, environment);
  const clientName = flags.clientName ?? variable(environment, "TARGET_CLIENT_NAME");
  if (clientId === undefined && clientName === undefined) {
    throw new UsageError(
      "No client is named.",
      "Name one with --client-id or --client-name, or in TARGET_CLIENT_ID or TARGET_CLIENT_NAME.",
    );
  }
  if (clientName?.trim() === "") throw new UsageError("The client name is empty.");
  return { clientId, clientName, twinId };
}

/**
 * The client's id, or those of both twins, where a command can do without; flags win over variables.
 * @returns none, one or two
 * @throws {UsageError} when one is malformed, both are the same, or only the twin is named
 */
export function readClientIds(flags: StoreFlags, environment: Environment): readonly string[] {
  const clientId = flags.clientId ?? variable(environment, "TARGET_CLIENT_ID");
  const twinId = flags.twinId ?? variable(environment, "TARGET_TWIN_ID");
  const ids = [clientId, twinId].filter((id) => id !== undefined);
  for (const id of ids) assertClientId(id);
  if (underTerraform(environment)) assertNotMocked(ids, environment);
  if (twinId === undefined) return ids;
  if (clientId === undefined) {
    throw new UsageError(
      "Only one of the twins is named.",
      "Name the other, too, with --client-id or in TARGET_CLIENT_ID: a name cannot be told from its twin's.",
    );
  }
  if (clientId.toLowerCase() === twinId.toLowerCase())
    throw new UsageError(`Both twins are the client ${clientId}.`);
  return ids;
}

/**
 * The clients whose documents may be replaced; a flag wins over SECRET_TAKE_OVER.
 * @throws {UsageError} when an id is malformed
 */
export function readTakeOver(
  flags: Pick<StoreFlags, "takeOver">,
  environment: Environment,
): readonly string[] {
  const ids = flags.takeOver ?? variable(environment, "SECRET_TAKE_OVER")?.split(/[\s,]+/) ?? [];
  for (const id of ids) assertClientId(id);
  return ids;
}

/** The construct that a run is for; none on the command line. */
export function readOwner(environment: Environment): string | undefined {
  const owner = variable(environment, "SECRET_OWNER");
  return isOwner(owner) ? owner : undefined;
}

function assertClientId(clientId: string): void {
  if (!GENESYS_ID.test(clientId)) {
    throw new UsageError(
      `The client id must be letters, digits and hyphens, such as a UUID; it is "${printable(clientId)}".`,
    );
  }
}

/**
 * The stores, each once.
 * @throws {UsageError} when there is none, one is malformed or named twice, or one cannot be used here or for twins
 */
export function readStores(flags: StoreFlags, environment: Environment): readonly StoreUri[] {
  const texts =
    flags.store ??
    (variable(environment, "SECRET_STORES") ?? "").split("\n").filter((line) => line.trim() !== "");
  if (texts.length === 0) {
    throw new UsageError(
      "No store is named.",
      "Name one with --store, or one a line in SECRET_STORES; for instance --store file:./secret.json.",
    );
  }
  const uris = texts.map(parseStoreUri);
  const twice = uris.find((uri, index) => uris.findIndex(({ text }) => text === uri.text) !== index);
  if (twice) throw new UsageError(`The store ${printable(twice.text)} is named twice.`);
  // A workflow command that masks a value goes to standard output, too.
  const printing = uris.filter(isPrinting).map(({ scheme }) => `the store ${scheme}:`);
  const claims = flags.json ? ["--json", ...printing] : printing;
  if (claims.length > 1 && new Set(claims).size > 1) {
    throw new UsageError(
      `${claims.slice(0, 2).join(" and ")} both want standard output.`,
      "Leave one of them out.",
    );
  }
  const refused = underTerraform(environment) ? uris.find(refusalUnderTerraform) : undefined;
  if (refused)
    throw new UsageError(
      `The store ${refused.scheme}: cannot be used under Terraform: ${refusalUnderTerraform(refused)}.`,
    );
  const unfit = readClientIds(flags, environment).length > 1 ? refusalOfTwins(uris) : undefined;
  if (unfit)
    throw new UsageError(
      `Twins cannot be kept there: ${unfit}.`,
      "Name a store that holds the whole document, such as vault: or file:.",
    );
  return uris;
}

/** Whether twins are to rotate though the rotation id is done: --again, or GENESYS_SECRET_AGAIN=1. */
export function readAgain(flags: RegenerateFlags, environment: Environment): boolean {
  return flags.again ?? variable(environment, "GENESYS_SECRET_AGAIN") === "1";
}
