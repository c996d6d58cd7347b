import type { Place } from "../audit/findings";
import type { Origin } from "../audit/origin";
import { type AuditReport, hasFindings, type ReportedLeak } from "../audit/report";
import { escaped, harmlessJson, printable } from "../core/printable";
import { LIFE } from "./life";

/** Widest line of the table. */
const COLUMNS = 80;
/** Places of one secret that the table lists; --json has all. */
const LISTED = 20;

const LIVES = { valid: "ALIVE", unknown: "unknown", unchecked: "unchecked", invalid: "dead" } as const;
/** The same in JSON. */
const JSON_LIVES = { ...LIFE, unchecked: "unchecked" } as const;

/** The table, and under it where each secret stands, and what to do. */
export function findingsLines(report: AuditReport): string {
  const { leaks, unread, encrypted, checkedAt, unlisted, streams, bytes, unreadHistories } = report;
  const table = leaks.length === 0 ? [] : [row("LIFE", "SECRET", "CLIENT", "PLACES"), ...leaks.map(leakRow)];
  const details = leaks.flatMap((leak) => ["", ...leakLines(leak)]);
  const broken = unread.flatMap((origin) => [
    "",
    ...wrap(`NOT SEARCHED: ${named(origin)}`, 0),
    ...wrap(printable(origin.reason), 2),
  ]);
  const locked = encrypted.flatMap((origin) =>
    wrap(`Encrypted by OpenTofu, cannot be looked into: ${named(origin)}`, 0),
  );
  const asked =
    checkedAt === undefined ? "Not asked whether they live" : `Asked in ${checkedAt} whether they live`;
  const summary = [
    `${count(leaks.length, "secret")}, ${unread.length} unreadable; ${count(streams, "file or stream", "files and streams")}, ${(bytes / 1e6).toFixed(1)} MB searched`,
    ...(leaks.length > 0 ? [asked] : []),
    ...(unreadHistories > 0
      ? [`${count(unreadHistories, "git history was", "git histories were")} not searched: --git does`]
      : []),
    ...(unlisted > 0 ? [`${unlisted} further places not listed`] : []),
  ].map((line) => `${line}.`);
  return `${[...table, ...details, ...broken, ...locked, "", ...summary, ...advice(report)].join("\n").trimStart()}\n`;
}

/** The same as a JSON document; never with a secret. */
export function findingsJson(report: AuditReport): string {
  return harmlessJson({
    command: "audit",
    leaks: report.leaks.map(({ fingerprint, clientId, verdict, killed, places }) => ({
      fingerprint,
      client_id: clientId ?? null,
      life: JSON_LIVES[verdict.secret],
      reason: verdict.reason ?? null,
      killed,
      places: places.map((place) => ({
        ...originJson(place),
        line: place.line,
        found_by: place.foundBy,
        what: place.what,
      })),
    })),
    unread: report.unread.map((origin) => ({ ...originJson(origin), reason: origin.reason })),
    encrypted: report.encrypted.map(originJson),
    unlisted: report.unlisted,
    streams: report.streams,
    unread_histories: report.unreadHistories,
    bytes: report.bytes,
    checked_at: report.checkedAt ?? null,
  });
}

function originJson({ file, inside, commit }: Origin) {
  return { file, inside, commit: commit ?? null };
}

function leakRow({ verdict, killed, fingerprint, clientId, places }: ReportedLeak): string {
  const word = killed && verdict.secret === "invalid" ? "killed" : LIVES[verdict.secret];
  return row(
    word,
    fingerprint,
    clientId === undefined ? "-" : printable(clientId).slice(0, 40),
    String(places.length),
  );
}

/** A UUID has 36 characters: with it a row has 73. */
function row(life: string, secret: string, client: string, places: string): string {
  return `${life.padEnd(9)}  ${secret.padEnd(9)}  ${client.padEnd(40)}  ${places.padStart(6)}`;
}

function leakLines({ fingerprint, verdict, places }: ReportedLeak): string[] {
  const { secret, reason: why } = verdict;
  const reason = why !== undefined && secret !== "unchecked" ? `: ${printable(why)}` : "";
  const more = places.length - LISTED;
  return [
    ...wrap(`${fingerprint} ${LIVES[secret]}${reason}`, 0),
    ...places.slice(0, LISTED).flatMap(placeLines),
    ...(more > 0 ? [`  … and ${more} places more; --json lists all`] : []),
  ];
}

function placeLines(place: Place): string[] {
  const commit = place.commit === undefined ? "" : `, since commit ${place.commit.slice(0, 12)}`;
  return [...wrap(`${named(place)}:${place.line}`, 2), ...wrap(`${printable(place.what)}${commit}`, 4)];
}

function named({ file, inside }: Origin): string {
  // Of any length: half a path is of no use.
  return [file === "-" ? "(standard input)" : file, ...inside].map(escaped).join(" > ");
}

function count(number: number, one: string, several = `${one}s`): string {
  return `${number} ${number === 1 ? one : several}`;
}

/** Long paths go on on the next line rather than lose a part. */
function wrap(text: string, indent: number): string[] {
  const width = COLUMNS - indent;
  const lines: string[] = [];
  for (let rest = text; rest !== ""; ) {
    const blank = rest.length > width ? rest.lastIndexOf(" ", width) : -1;
    const end = blank > width / 2 ? blank : width;
    // At the head of a line a path could be a command to GitHub's runner.
    lines.push(" ".repeat(indent) + rest.slice(0, end).trimEnd().replace(/^::/, "\\u003a:"));
    rest = rest.slice(end).trimStart();
  }
  return lines;
}

function advice(report: AuditReport): string[] {
  if (!hasFindings(report))
    return report.leaks.length === 0 ? ["Nothing was found."] : ["Nothing that was found is alive."];
  const alive = report.leaks.filter(({ verdict }) => verdict.secret === "valid");
  const ids = [...new Set(alive.flatMap(({ clientId }) => (clientId === undefined ? [] : [clientId])))];
  if (ids.length > 0) {
    return [
      "Do next: regenerate what is alive; what was leaked then opens nothing any more.",
      ...ids.map((id) => `  --kill ${id}=STORE`),
    ];
  }
  return report.leaks.some(({ verdict }) => verdict.secret === "unchecked")
    ? ["Do next: tell live from dead secrets with --check-live."]
    : ["Do next: look at what is not known or not read; until then, what is unknown may be alive."];
}
