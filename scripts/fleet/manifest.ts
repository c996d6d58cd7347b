import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import * as z from "zod/mini";
import { UsageError } from "../core/errors";
import type { Manifest, ManifestClient } from "../core/manifest-format";
import { GENESYS_ID, VARIABLE_NAME } from "../core/patterns";
import { printable, quote } from "../core/printable";
import { parseRegion } from "../core/regions";
import { formatSchedule, parseSchedule, type Schedule } from "../core/schedule";
import { readRotation } from "../rotation/rotation-id";
import { identityOf } from "../stores/identity";
import { refusalUnderTerraform } from "../stores/traits";
import { refusalOfTwins } from "../stores/twin-stores";
import { parseStoreUri, type StoreUri } from "../stores/uri";

/** A client of a fleet, as a manifest names it. */
export interface FleetClient extends Omit<ManifestClient, "stores" | "rotation" | "schedule"> {
  readonly stores: readonly StoreUri[];
  /** The rotation id, or the slots that each have one. */
  readonly rotation: string | Schedule;
  /** Absolute path of the manifest's folder: where relative paths of stores start. */
  readonly folder: string;
  /** For messages: "cdktf.out/stacks/dev/genesys-secret.manifest.json: clients[3]". */
  readonly place: string;
}

const REMEDY = "Synthesize the stack anew, or correct the manifest, then run again.";

const text = z.string("must be a string").check(z.regex(/\S/, "must not be blank"));
const VariableName = z
  .string("must be the name of a variable")
  .check(z.regex(VARIABLE_NAME, 'must be the name of a variable (letters, digits and "_")'));

const ID_RULE = "must be letters, digits and hyphens, such as a UUID";
const Id = text.check(z.regex(GENESYS_ID, ID_RULE));

const Client = z.strictObject(
  {
    name: z.optional(text),
    clientId: z.optional(Id),
    twin: z.optional(text),
    stores: z.array(text, "must be a list of store URIs").check(z.minLength(1, "must hold a store")),
    rotation: z.optional(text),
    schedule: z.optional(text),
    region: z.optional(text),
    takeOver: z.optional(Id),
    adminCredentials: z.optional(
      z.strictObject(
        { clientIdVariable: VariableName, clientSecretVariable: VariableName },
        "must be an object with the names of two variables",
      ),
    ),
    then: z.optional(
      z
        .array(z.string("must be a word"), "must be a command as a list of its words")
        .check(z.minLength(1, "must hold a command")),
    ),
    verify: z.optional(z.enum(["here", "elsewhere"], 'must be "here" or "elsewhere"')),
  },
  "must be an object",
);

const Document = z.strictObject(
  {
    version: z.literal(1, "must be 1, the only version that this program knows"),
    clients: z.array(Client, "must be a list of clients"),
  },
  "must be an object with version and clients",
);

/**
 * Reads manifests; nothing is sent or touched.
 * @throws {UsageError} when one cannot be read or does not fit: naming the file, the field, the rule and the value
 */
export async function readManifests(files: readonly string[]): Promise<readonly FleetClient[]> {
  const clients: FleetClient[] = [];
  for (const file of new Set(files)) {
    const { clients: given } = parse(file, await read(file));
    clients.push(...given.map((client, index) => fleetClient(client, file, index)));
  }
  refuseTwice(clients);
  return clients;
}

/** What two clients must not have in common to be two: the org's region, its admin, and the name or id. */
export function keyOf({ name, clientId, region, adminCredentials }: FleetClient): string {
  return JSON.stringify([region, adminCredentials?.clientIdVariable, name, clientId]);
}

async function read(file: string): Promise<unknown> {
  const bytes = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    const remedy = "Synthesize first (`cdktf synth`), or name the manifest in the stack's folder.";
    throw new UsageError(`The manifest "${printable(file)}" cannot be read (${error.code}).`, remedy);
  });
  try {
    return JSON.parse(bytes);
  } catch {
    throw new UsageError(`The manifest "${printable(file)}" is not JSON.`, REMEDY);
  }
}

function parse(file: string, value: unknown): Manifest {
  const parsed = Document.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (!issue) throw new Error("a refusal without a reason");
  if (issue.code === "unrecognized_keys") {
    const where = fieldOf(issue.path);
    throw invalid(file, where, `has no field "${printable(issue.keys[0] as string)}"`);
  }
  throw invalid(file, fieldOf(issue.path), `${issue.message}, it is ${shown(value, issue.path)}`);
}

function fleetClient(client: ManifestClient, file: string, index: number): FleetClient {
  const field = `clients[${index}]`;
  if ((client.name === undefined) === (client.clientId === undefined))
    throw invalid(file, field, "must have either a name or a clientId");
  const { twin, ...rest } = client;
  if (twin !== undefined && client.clientId !== undefined && !GENESYS_ID.test(twin))
    throw invalid(file, `${field}.twin`, `${ID_RULE}, it is ${quote(twin)}`);
  if (twin !== undefined && twin === (client.name ?? client.clientId))
    throw invalid(file, `${field}.twin`, "must be another client");
  const stores = client.stores.map((uri, at) => {
    const where = `${field}.stores[${at}]`;
    const store = checked(file, where, () => parseStoreUri(uri));
    const refused = refusalUnderTerraform(store);
    if (refused) throw invalid(file, where, `must not be ${store.scheme}:, which takes one secret only`);
    return store;
  });
  const notForTwins = twin === undefined ? undefined : refusalOfTwins(stores);
  if (notForTwins) throw invalid(file, `${field}.stores`, `cannot keep twins: ${notForTwins}`);
  const region =
    client.region && checked(file, `${field}.region`, () => parseRegion(client.region as string)).name;
  const rotation = rotationOf(client, file, field);
  const place = `${printable(file)}: ${field}`;
  return { ...rest, twin, region, stores, rotation, folder: resolve(dirname(file)), place };
}

function rotationOf({ rotation, schedule }: ManifestClient, file: string, field: string): string | Schedule {
  if ((rotation === undefined) === (schedule === undefined))
    throw invalid(file, field, "must have either a rotation or a schedule");
  if (rotation !== undefined) {
    const flags = { rotation };
    return checked(file, `${field}.rotation`, () => readRotation(flags, {})) as string;
  }
  const slots = parseSchedule(schedule as string);
  if (slots) return slots;
  const example = formatSchedule({ period: 30 * 86_400, start: Date.UTC(2026, 0) / 1000 });
  throw invalid(
    file,
    `${field}.schedule`,
    `must be one such as "${example}", it is ${quote(schedule as string)}`,
  );
}

/** Each client once, and each store written for one client only: the later would overwrite the earlier. */
function refuseTwice(clients: readonly FleetClient[]): void {
  const seen = new Map<string, string>();
  const claim = (key: string, place: string, what: string): void => {
    const other = seen.get(key);
    if (other !== undefined) throw new UsageError(`${place} names ${what} that ${other} names, too.`, REMEDY);
    seen.set(key, place);
  };
  for (const client of clients) {
    claim(keyOf(client), client.place, "the client");
    for (const store of client.stores) claim(identityOf(store, client.folder), client.place, "a store");
  }
}

function checked<T>(file: string, field: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof UsageError) throw invalid(file, field, `does not fit: ${error.message}`);
    throw error;
  }
}

function invalid(file: string, field: string, rule: string): UsageError {
  const sentence = rule.endsWith(".") ? rule : `${rule}.`;
  return new UsageError(`The manifest "${printable(file)}" does not fit: ${field} ${sentence}`, REMEDY);
}

/** "clients[3].stores" of ["clients", 3, "stores"]. */
function fieldOf(path: readonly PropertyKey[]): string {
  const field = path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  return field === "" ? "the document" : field.replace(/^\./, "");
}

/** The value that does not fit. Whoever mistakes the field puts a secret where the name of a variable belongs. */
function shown(document: unknown, path: readonly PropertyKey[]): string {
  if (path.includes("adminCredentials")) return "something else, not shown because it may be a secret";
  // biome-ignore lint/suspicious/noExplicitAny: what the path leads through was parsed from JSON
  const value = path.reduce<any>((inner, key) => inner?.[key], document);
  return value === undefined ? "missing" : printable(JSON.stringify(value));
}
