import { errorDocument } from "../core/errors";
import { harmlessJson, printable } from "../core/printable";
import { lengthOf } from "./board";
import type { FleetReport } from "./fleet";
import { isLeft, type Row } from "./row";

const WIDTH = 80;
const NAME_WIDTH = 26;

/** In the order in which they are told. */
const OUTCOMES = [
  "regenerated",
  "copied",
  "would regenerate",
  "would copy",
  "not due",
  "done before",
  "failed",
  "not started",
] as const satisfies readonly Row["outcome"][];

/** The end of a fleet's run in lines of at most 80 columns: counts, and a row for each client that is left. */
export function summaryLines({ rows, seconds }: FleetReport): string[] {
  const counts = countsOf(rows).map(([outcome, count]) => `${String(count).padStart(7)}  ${outcome}`);
  const left = rows.filter(isLeft);
  const head = `${rows.length} client${rows.length === 1 ? "" : "s"} in ${lengthOf(seconds)}`;
  if (left.length === 0) return [head, ...counts];
  return [
    head,
    ...counts,
    "",
    `${"client".padEnd(NAME_WIDTH)}what happened, and what to do next`,
    "-".repeat(WIDTH),
    ...left.flatMap(leftLines),
  ];
}

/** The report as the JSON document of `--json`. */
export function summaryJson({ rows, seconds, interrupted }: FleetReport): string {
  return harmlessJson({
    command: "rotate",
    seconds: Number(seconds.toFixed(1)),
    interrupted: interrupted ?? null,
    counts: Object.fromEntries(countsOf(rows)),
    clients: rows.map(({ label, client, idle, outcome, secret, reason, stores, verified, error }) => ({
      name: client?.name ?? label,
      client_id: client?.id ?? null,
      idle: idle ? { id: idle.id, name: idle.name } : null,
      outcome,
      secret,
      reason: reason ?? null,
      stores,
      verified: verified ?? null,
      error: error ? errorDocument(error) : null,
    })),
  });
}

function countsOf(rows: readonly Row[]): [Row["outcome"], number][] {
  return OUTCOMES.map((outcome): [Row["outcome"], number] => [
    outcome,
    rows.filter((row) => row.outcome === outcome).length,
  ]).filter(([, count]) => count > 0);
}

function leftLines({ label, outcome, secret, stores, error }: Row): string[] {
  const holds = stores
    .filter((store) => secret !== "not changed" && store.holds !== "untouched")
    .map(({ uri, holds: what, reason }) => `${printable(uri)}: ${what}${reason ? `, ${reason}` : ""}`);
  const told = error
    ? [
        `${error.code}, secret ${error.secret}: ${error.message}`,
        ...holds,
        `Do next: ${error.remedy}`,
        ...(error.contextId === undefined ? [] : [`contextId: ${error.contextId}`]),
      ]
    : [`${outcome}: run again`];
  const names = wrapped(label, NAME_WIDTH - 1);
  const texts = told.flatMap((line) => wrapped(line, WIDTH - NAME_WIDTH));
  return Array.from({ length: Math.max(names.length, texts.length) }, (_, index) =>
    `${(names[index] ?? "").padEnd(NAME_WIDTH)}${texts[index] ?? ""}`.trimEnd(),
  );
}

/** A text in lines of a width; a word that is longer is broken. */
function wrapped(text: string, width: number): string[] {
  const words = text.split(" ").flatMap((word) => word.match(new RegExp(`.{1,${width}}`, "gu")) ?? []);
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
