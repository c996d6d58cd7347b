import { printable } from "../printable";
import type { Diagnosis } from "../rotation/diagnose";
import type { Examined } from "../rotation/examine";
import { ageOf } from "./age";

/** One row of the table, in the order of its columns. */
interface Row {
  readonly ready: string;
  readonly logsIn: string;
  readonly age: string;
  readonly rotation: string;
  readonly uri: string;
}

const HEADER: Row = { ready: "READY", logsIn: "LOGS IN", age: "AGE", rotation: "ROTATION", uri: "STORE" };

/** The table, and under it what is wrong and what to do. */
export function diagnosisLines(examined: readonly Examined[], { findings }: Diagnosis): string {
  const clients = [...new Set(examined.flatMap(({ document }) => (document ? [document.clientId] : [])))];
  const rows = [HEADER, ...examined.map(rowOf)];
  const width = (column: keyof Row): number => Math.max(...rows.map((row) => row[column].length));
  const pad = (row: Row, column: keyof Row): string => row[column].padEnd(width(column));
  const table = rows.map(
    (row) =>
      `${[pad(row, "ready"), pad(row, "logsIn"), pad(row, "age"), pad(row, "rotation"), row.uri].join("  ")}\n`,
  );
  const problems = findings.map(
    ({ uri, problem, remedy }) => `\n${printable(uri)}: ${printable(problem)}\n  ${remedy}\n`,
  );
  const who = clients.length > 0 ? `Client ${clients.map(printable).join(", ")}\n` : "";
  return `${who}${table.join("")}${problems.join("") || "Nothing is wrong.\n"}`;
}

/** The same as a JSON document; never with a secret. */
export function diagnosisJson(examined: readonly Examined[], { findings }: Diagnosis): string {
  const stores = examined.map(({ store, notReady, document, life, stagedAlive }) => ({
    uri: store.uri.text,
    ready: notReady === undefined,
    readable: store.readable,
    client_id: document?.clientId ?? null,
    life: life?.life ?? null,
    staged_alive: stagedAlive !== undefined,
    regenerated_at: document?.regeneratedAt ?? null,
    rotation: document?.rotation ?? null,
  }));
  return JSON.stringify({ command: "doctor", stores, findings });
}

function rowOf({ store, notReady, document, life }: Examined): Row {
  const unreadable = store.readable ? "-" : "?";
  return {
    ready: notReady === undefined ? "yes" : "NO",
    logsIn: life === undefined ? unreadable : { alive: "yes", dead: "NO", unknown: "?" }[life.life],
    age: document ? ageOf(document.regeneratedAt, Date.now()) : unreadable,
    rotation: document ? printable(document.rotation ?? "-") : unreadable,
    uri: printable(store.uri.text),
  };
}
