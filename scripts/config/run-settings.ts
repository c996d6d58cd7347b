import { CLIENT_ID } from "../client-id";
import { UsageError } from "../errors";
import type { Target } from "../genesys/oauth-clients";
import { HIDDEN, printable } from "../printable";
import { refusalOfTwins } from "../stores/twin-stores";
import { parseStoreUri, refusalUnderTerraform, type StoreUri } from "../stores/uri";
import { type Environment, variable } from "./environment";

/** What a Rotation of the construct can be: a version of 128 characters and its prefix. */
const LONGEST_ROTATION = 256;

/** Flags that all commands have that look at stores, as the command line gives them. */
export interface StoreFlags {
  readonly store?: readonly string[];
  readonly clientId?: string;
  readonly twinId?: string;
  readonly region?: string;
  readonly envFile?: string;
  readonly retryTimeout?: string;
  readonly verifyTimeout?: string;
  readonly json?: boolean;
}

/** Flags of `regenerate`. */
export interface RegenerateFlags extends StoreFlags {
  readonly clientName?: string;
  readonly rotation?: string;
  readonly again?: boolean;
  readonly dryRun?: boolean;
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

function assertClientId(clientId: string): void {
  if (!CLIENT_ID.test(clientId)) {
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
  const printing = uris
    .filter(({ scheme }) => scheme === "stdout" || scheme === "github-env")
    .map(({ scheme }) => `the store ${scheme}:`);
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

/** The rotation id; null when none is given. */
export function readRotation(flags: RegenerateFlags, environment: Environment): string | null {
  const rotation = flags.rotation ?? variable(environment, "SECRET_ROTATION") ?? null;
  if (rotation !== null && (rotation === "" || rotation.length > LONGEST_ROTATION || HIDDEN.test(rotation))) {
    throw new UsageError(
      `The rotation id must be 1 to 256 printable characters, it is "${printable(rotation)}".`,
    );
  }
  return rotation;
}

/**
 * A dotenv report that is to hold the bare rotation id must be able to: in the middle of a run it would be too late.
 * @throws {UsageError}
 */
export function assertHoldable(rotation: string | null, uris: readonly StoreUri[]): void {
  const store = uris.find(
    ({ scheme, options }) => scheme === "gitlab-dotenv" && options.get("field") === "rotation",
  );
  if (store && rotation !== null && !/^[\x21-\x23\x25-\x7e]+$/.test(rotation)) {
    throw new UsageError(
      `The store ${printable(store.text)} takes a rotation id of ASCII without blanks and "$" only, it is "${printable(rotation)}".`,
    );
  }
}

/**
 * A limit in seconds, as milliseconds.
 * @param fallback seconds, when neither flag nor variable is given
 */
export function readSeconds(
  flag: string | undefined,
  environment: Environment,
  name: string,
  fallback: number,
): number {
  const text = flag ?? variable(environment, name);
  if (text === undefined) return fallback * 1000;
  if (!/^\d{1,4}$/.test(text) || Number(text) < 1 || Number(text) > 3600) {
    throw new UsageError(
      `${name} (or its flag) must be a whole number of seconds from 1 to 3600, it is "${printable(text)}".`,
    );
  }
  return Number(text) * 1000;
}
