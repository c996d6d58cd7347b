import { asKnown } from "../core/defect";
import { ClientError, GenesysSecretError, type InterruptSignal, UsageError } from "../core/errors";
import { printable } from "../core/printable";
import type { OAuthClient } from "../genesys/answers";
import type { Board } from "./board";
import { BrokenStores } from "./broken-stores";
import type { Journal } from "./journal";
import type { FleetClient } from "./manifest";
import type { Org } from "./org";
import { runPool } from "./pool";
import { AGAIN, type FleetRun, labelOf, rotateOne } from "./rotate-one";
import { isLeft, type Row, untouched } from "./row";

/** After so long a client gives its place to another one, milliseconds. */
const OVERDUE_MS = 3_000;

/** A client, and the org it is in. */
export interface Member {
  readonly client: FleetClient;
  readonly org: Org;
}

export interface FleetOptions extends Omit<FleetRun, "broken"> {
  /** Names and ids; only these. @default - all */
  readonly only?: readonly string[];
  readonly concurrency: number;
  /** @default - what is done is not noted */
  readonly journal?: Journal;
  readonly board: Board;
}

export interface FleetReport {
  readonly rows: readonly Row[];
  readonly seconds: number;
  readonly interrupted: InterruptSignal | undefined;
}

/** A member that was found in its org. */
interface Found extends Member {
  readonly found: readonly OAuthClient[];
  /** What tells it in the journal. */
  readonly id: string;
}

/**
 * Rotates the clients of a fleet.
 * @throws {UsageError} when one of `only` names none of them
 * @throws {GenesysSecretError} when no org could be signed in to or listed: nothing was touched
 */
export async function rotateFleet(members: readonly Member[], options: FleetOptions): Promise<FleetReport> {
  const { board, journal, stop, dryRun } = options;
  const startedAt = performance.now();
  const broken = new BrokenStores();
  const orgs = new Set(members.map(({ org }) => org));
  const closed = await openOrgs(orgs, members, board);
  try {
    const { found, rows } = findAll(members, closed, options.only);
    const todo = found.filter(({ id }) => !journal?.done.has(id));
    for (const { id, client, found: inOrg } of found)
      if (journal?.done.has(id)) rows.push(untouched(labelOf(client), "done before", { client: inOrg[0] }));

    board.begin(todo.length + rows.length);
    for (const row of rows) board.row(row);
    const work = async ({ client, found: inOrg, org, id }: Found): Promise<void> => {
      const error = org.broken ?? broken.whyNot(client);
      const row = error
        ? untouched(labelOf(client), "not started", { client: inOrg[0], error })
        : await rotateOne(client, inOrg, org, { ...options, broken, resumed: journal?.resumed });
      org.note(row.error);
      for (const line of broken.note(client, row)) board.warn(line);
      rows.push(row);
      board.row(row);
      if (dryRun || isLeft(row)) return;
      // What is done is done, noted or not.
      await journal?.add(id).catch(({ code }: NodeJS.ErrnoException) => {
        const then = "a run that takes this one up may do it again";
        board.warn(`${row.label}: it is done, but the journal cannot be written (${code}): ${then}`);
      });
    };
    const left = await runPool(todo, work, {
      concurrency: options.concurrency,
      overdueAfter: OVERDUE_MS,
      congested: () => [...orgs].some((org) => org.limits.congested),
      stopped: () => stop.received !== undefined,
    });
    for (const { client, found: inOrg } of left)
      rows.push(untouched(labelOf(client), "not started", { client: inOrg[0] }));
    return { rows, seconds: (performance.now() - startedAt) / 1000, interrupted: stop.received };
  } finally {
    board.end();
    await Promise.allSettled([...orgs].map((org) => org.close()));
  }
}

/** Signs in and lists, org by org. @returns why an org could not be opened */
async function openOrgs(
  orgs: ReadonlySet<Org>,
  members: readonly Member[],
  board: Board,
): Promise<ReadonlyMap<Org, GenesysSecretError>> {
  const closed = new Map<Org, GenesysSecretError>();
  for (const org of orgs) {
    const wanted = members.filter((member) => member.org === org).map(({ client }) => client);
    board.info(`Signing in to Genesys Cloud ${org.endpoint.region.name}, and listing its OAuth clients`);
    try {
      await org.open(wanted);
    } catch (error) {
      if (!(error instanceof GenesysSecretError) || orgs.size === 1) throw error;
      closed.set(org, error);
    }
  }
  const [first] = closed.values();
  if (first && closed.size === orgs.size) throw first;
  return closed;
}

/** Finds the members in their orgs; one that is not to be found has its row already. */
function findAll(
  members: readonly Member[],
  closed: ReadonlyMap<Org, GenesysSecretError>,
  only: readonly string[] | undefined,
): { found: Found[]; rows: Row[] } {
  const found: Found[] = [];
  const rows: Row[] = [];
  const unseen = new Set(only);
  const byId = new Map<string, FleetClient>();
  for (const member of members) {
    const { client, org } = member;
    let inOrg: readonly OAuthClient[] = [];
    let error = closed.get(org);
    try {
      if (!error) inOrg = org.find(client);
    } catch (fault) {
      error = asKnown(fault, AGAIN);
    }
    const { name, clientId, twin } = client;
    const names = [name, clientId, twin, ...inOrg.flatMap((one) => [one.id, one.name])];
    if (only && !only.some((one) => names.includes(one))) continue;
    for (const one of names) unseen.delete(one as string);
    for (const { id } of inOrg) {
      const other = byId.get(id);
      if (other) error ??= twice(client, other, id);
      byId.set(id, client);
    }
    const [first] = inOrg;
    if (first && !error) found.push({ ...member, found: inOrg, id: first.id });
    else rows.push(untouched(labelOf(client), "failed", { client: first, error }));
  }
  const [unknown] = unseen;
  if (unknown !== undefined)
    throw new UsageError(`--only: no client of the manifest is "${printable(unknown)}", by name or by id.`);
  return { found, rows };
}

function twice(client: FleetClient, other: FleetClient, id: string): ClientError {
  return new ClientError(`${client.place} is the client ${printable(id)}, which ${other.place} names, too.`, {
    code: "ERR_CLIENT_TWICE",
    remedy: "Take one of them out: each would make the other's secret void.",
  });
}
