import type { JournalEntry } from "../../../sandbox/org";
import { findSecrets } from "../../../sandbox/sweep/find-secrets";
import { sweep } from "../../../sandbox/sweep/sweep";
import type { Ended } from "../program";
import type { TortureStore } from "../stores/torture-store";
import { longest, mostRequests } from "./bounds";
import { endsTokens } from "./happening";
import type { Schedule } from "./schedule";
import type { Troublemaker } from "./troublemaker";
import type { World } from "./world";

/** What was so before a run. */
export interface Before {
  readonly issued: number;
  readonly journal: number;
  readonly requests: ReadonlyMap<string, number>;
  /** Whether each store's secret logged in. */
  readonly alive: readonly boolean[];
  /** What others had in each store. */
  readonly others: readonly (string | undefined)[];
  /** The secret in each store, whosever it was. */
  readonly held: readonly (string | undefined)[];
  /** Logins with which the org had judged a secret. */
  readonly judged: number;
  /** Regenerate calls. */
  readonly calls: number;
}

/** The document that the program prints, as far as it is judged. */
interface Report {
  readonly secret: "not changed" | "changed" | "perhaps changed";
  readonly verified?: boolean;
  readonly stores: readonly { readonly holds: string }[];
}

const NOTHING_DONE = [3, 4, 5, 6, 7];
const INTERRUPTED = [130, 143];
const NOT_STORED = 8;
const NOT_VERIFIED = 9;

export function lookAround(world: World): Before {
  const counts: [string, number][] = world.served.map(({ kind, gate }) => [kind, gate.requests]);
  return {
    issued: world.issued,
    journal: world.sandbox.journal.length,
    requests: new Map([["the org", world.gate.requests], ...counts]),
    alive: world.stores.map((store) => world.logsIn(store)),
    others: world.others,
    held: world.stores.map((store) => store.holds()),
    judged: world.judgedLogins,
    calls: world.judgedAtCalls.length,
  };
}

/** What a run has broken of what it must keep, a line each. Nothing of it is taken from the program's own words. */
export function violations(
  schedule: Schedule,
  world: World,
  before: Before,
  run: Ended,
  troubles: Troublemaker,
  slack: number,
): string[] {
  const found: string[] = [];
  const say = (bad: boolean, line: string): void => {
    if (bad) found.push(line);
  };
  const made = world.issued - before.issued;
  const code = run.code ?? -1;
  const report = readReport(run);
  const stored = (store: TortureStore): boolean => isStored(world, store, before, troubles);

  const known = [0, ...NOTHING_DONE, ...INTERRUPTED, NOT_STORED, NOT_VERIFIED].includes(code);
  say(!known, `ended with ${run.code ?? run.signal}, which no schedule may lead to`);
  if (!report) return [...found, "printed no document"];

  const changed = report.secret;
  say(changed === "not changed" && made > 0, `says "not changed", but ${made} secrets were made`);
  say(changed === "changed" && made === 0, 'says "changed", but no secret was made');
  say(NOTHING_DONE.includes(code) && made > 0, `ended with ${code}, but ${made} secrets were made`);
  say(code === NOT_STORED && changed === "not changed", 'ended with 8, but says "not changed"');
  const named = report.stores.some(({ holds }) => holds === "not written");
  say(code === NOT_STORED && !named, "ended with 8, but names no store");
  say(code === NOT_VERIFIED && changed === "perhaps changed", 'ended with 9, but says "perhaps changed"');
  say(
    isUnasked(schedule, world, troubles) && wasInDoubt(world, before),
    "replaced what nobody asked to replace, and what no login had shown to be valid or invalid",
  );
  found.push(...takenFromOthers(schedule, world, before, troubles));
  if (made === 0) {
    for (const [index, store] of world.stores.entries())
      say(before.alive[index] === true && !world.logsIn(store), `${store.kind} no longer logs in`);
  }
  if (code === 0 || (INTERRUPTED.includes(code) && changed === "changed")) {
    // What was not seen to log in may have to wait for the login service; it has to be the new secret.
    const isThere = (store: TortureStore): boolean =>
      stored(store) || (report.verified === false && isNew(world, store, before));
    for (const store of world.stores)
      say(!isThere(store), `ended with ${code}, but ${store.kind} does not log in`);
  }
  if (code !== 0) {
    say(
      !run.stderr.includes(`  Secret:    ${changed}\n`),
      "the message and the document differ on the secret",
    );
    say(!/^ {2}Do next: {3}\S/m.test(run.stderr), "does not say what to do");
  }
  for (const [index, store] of world.stores.entries())
    say(!isTrue(report.stores[index]?.holds, store, world, before, troubles), lieOf(report, index, store));

  // A token that has expired is replaced, once for each time that this came about.
  const tokens = world.sandbox.journal.slice(before.journal).filter(isAdminLogin(world)).length;
  const given = schedule.admin === "token" ? 1 : 0;
  const expiries = schedule.troubles.filter(endsTokens).length;
  say(
    !troubles.losesAnswers && tokens - given > 1 + Math.max(1, expiries),
    `took ${tokens} tokens of the admin's, which expired ${expiries} times`,
  );

  const bound = longest(schedule) + slack;
  say(
    run.took > bound,
    `took ${Math.round(run.took / 1000)} s, and ${Math.round(bound / 1000)} s is the bound`,
  );
  for (const [name, requests] of requestsSince(world, before))
    say(
      requests > mostRequests(schedule),
      `sent ${requests} requests to ${name}, bound ${mostRequests(schedule)}`,
    );
  return [...found, ...leaks(world, run)];
}

/** Whether the first store holds the secret of another client: it has to say so to be read. */
export function holdsAnothers({ history }: Schedule, [first]: readonly TortureStore[]): boolean {
  return history === "another client's" && first?.readable === true;
}

/**
 * Whether a regeneration is one that nobody asked for: the same rotation once more, told by a document that can be
 * read. Whoever is told that there is none, or another one, knows of no earlier rotation.
 */
function isUnasked({ history, rotation }: Schedule, { stores }: World, { misled }: Troublemaker): boolean {
  const written = history === "new stores" ? stores.slice(0, 1) : stores;
  return (
    rotation === "1" &&
    ["live", "dead", "new stores"].includes(history) &&
    written.some(({ readable, gate }) => readable && !(gate && misled.has(gate)))
  );
}

/** Whether a regenerate call was made before the org had said of any secret of the client whether it is valid. */
function wasInDoubt({ judgedAtCalls }: World, { judged, calls }: Before): boolean {
  return judgedAtCalls.slice(calls).some((atCall) => atCall === judged);
}

function othersChanged(world: World, before: Before["others"]): string[] {
  const now = world.others;
  return world.stores.flatMap(({ kind }, index) =>
    now[index] === before[index] ? [] : [`${kind}: what others have there was changed`],
  );
}

/** What belongs to others and was changed or lost. */
function takenFromOthers(
  schedule: Schedule,
  world: World,
  before: Before,
  { misled }: Troublemaker,
): string[] {
  const changed = othersChanged(world, before.others);
  const [first] = world.stores;
  const wasToldSo = misled.has(world.gate) || (first?.gate !== undefined && misled.has(first.gate));
  if (!first || !holdsAnothers(schedule, world.stores) || wasToldSo) return changed;
  return [
    ...changed,
    ...(first.holds() === before.held[0] ? [] : [`${first.kind}: another client's secret was replaced`]),
    ...(world.judgedAtCalls.length === before.calls
      ? []
      : ["regenerated, though the secret had no place to go"]),
  ];
}

/** What a call that was held back has changed after a run that said "not changed". */
export function lateChanges(world: World, before: Before, run: Ended): string[] {
  const changed = world.issued > before.issued;
  return changed && readReport(run)?.secret === "not changed"
    ? ['says "not changed", but a late call changed it']
    : [];
}

/** Requests of a run to each server. */
export function requestsSince(world: World, before: Before): readonly (readonly [string, number])[] {
  const now = lookAround(world).requests;
  return [...now].map(([name, count]) => [name, count - (before.requests.get(name) ?? 0)] as const);
}

/**
 * What a healthy run, whatever was before it, has left undone.
 * @param others what others had in each store before all runs
 */
export function unhealed(world: World, run: Ended, others: Before["others"]): string[] {
  if (run.code !== 0) return [`the healthy run ended with ${run.code ?? run.signal}: ${run.stderr.trim()}`];
  return [
    ...world.stores.flatMap((store) =>
      world.logsIn(store) ? [] : [`not healed: ${store.kind} does not log in`],
    ),
    ...world.stores.flatMap((store) =>
      store.residue().map((line) => `left behind in ${store.kind}: ${line}`),
    ),
    ...othersChanged(world, others),
    ...leaks(world, run),
  ];
}

/** Whether what the store holds logs in; or did, until a call that was held back overtook it. */
function isStored(world: World, store: TortureStore, before: Before, troubles: Troublemaker): boolean {
  if (world.logsIn(store)) return true;
  // A store that cannot be read counts by its acknowledgement, and this one lied.
  if (!store.readable && troubles.liars.has(store.gate ?? world.gate)) return true;
  return troubles.actsLate && isNew(world, store, before);
}

/** Whether it holds one of the secrets that were made since. */
function isNew(world: World, store: TortureStore, before: Before): boolean {
  const ever = world.sandbox.everySecretEver().filter(({ clientId }) => clientId === world.client.id);
  return ever.slice(before.issued).some(({ secret }) => secret === store.holds());
}

/** Whether what the report says of a store is so. */
function isTrue(
  holds: string | undefined,
  store: TortureStore,
  world: World,
  before: Before,
  troubles: Troublemaker,
): boolean {
  const lied = troubles.liars.has(store.gate ?? world.gate);
  switch (holds) {
    case "verified":
      return isStored(world, store, before, troubles);
    case "acknowledged":
    case "unverified":
      return lied || isNew(world, store, before) || world.logsIn(store) || wasUndone(store, troubles);
    // "not written" says that nobody has acknowledged it, which is what there is to know.
    default:
      return true;
  }
}

function isAdminLogin({ sandbox }: World): (entry: Readonly<JournalEntry>) => boolean {
  return ({ path, status, clientId }) =>
    path === "/oauth/token" && status === 200 && clientId === sandbox.admin.clientId;
}

function wasUndone({ gate }: TortureStore, { undone }: Troublemaker): boolean {
  return gate !== undefined && undone.has(gate);
}

function lieOf(report: Report, index: number, store: TortureStore): string {
  return `says of ${store.kind} "${report.stores[index]?.holds}", which is not so`;
}

function leaks(world: World, run: Ended): string[] {
  const held = new Set(world.stores.map((store) => store.holds()));
  const output = run.stdout + run.stderr;
  const strange = /authorization|\b(Basic|Bearer) [A-Za-z0-9]|^\s+at .*:\d+:\d+|\[object Object\]/im.exec(
    output,
  );
  return [
    ...findSecrets(output, world.secrets).map((line) => `the output shows ${line}`),
    ...(strange ? [`the output shows "${strange[0].trim()}"`] : []),
    // A store's own file holds its secret by right; the ones before it are nowhere.
    ...sweep(
      { folders: ["home", "file", "command"].map((name) => `${world.folder}/${name}`) },
      world.secrets.filter((secret) => !held.has(secret)),
    ).findings.map((line) => `left on the disk: ${line}`),
  ];
}

function readReport({ stdout }: Ended): Report | undefined {
  try {
    return JSON.parse(stdout) as Report;
  } catch {
    return undefined;
  }
}
