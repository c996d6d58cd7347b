import { harmlessJson, printable } from "../core/printable";
import type { Diagnosis, Finding } from "../rotation/diagnose";
import type { Examined } from "../rotation/examine";
import { ageOf } from "./age";
import { LIFE, NO_LOGIN_TRIED } from "./life";

/** One row of the table, in the order of its columns. */
interface Row {
  readonly ready: string;
  readonly client: string;
  readonly logsIn: string;
  readonly age: string;
  readonly rotation: string;
  readonly uri: string;
}

const HEADER: Row = {
  ready: "READY",
  client: "HOLDS CLIENT",
  logsIn: "LOGS IN",
  age: "AGE",
  rotation: "ROTATION",
  uri: "STORE",
};
const COLUMNS = ["ready", "client", "logsIn", "age", "rotation"] as const;

/** The table, and under it what is wrong and what to do. */
export function diagnosisLines(
  examined: readonly Examined[],
  findings: readonly Finding[],
  twins?: Diagnosis["twins"],
): string {
  const rows = [HEADER, ...examined.map(rowOf)];
  const width = (column: keyof Row): number => Math.max(...rows.map((row) => row[column].length));
  const table = rows.map((row) => {
    const cells = COLUMNS.map((column) => row[column].padEnd(width(column)));
    return `${[...cells, row.uri].join("  ")}\n`;
  });
  const problems = findings.map(
    ({ uri, problem, remedy }) => `\n${printable(uri)}: ${printable(problem)}\n  ${remedy}\n`,
  );
  // Nobody keeps the secret of the idle one: whether it lives cannot be seen from here.
  const pair = twins
    ? `Twins: ${printable(twins.inUse)} is in use; ${printable(twins.idle)} is idle, for whoever still holds it\n`
    : "";
  const untried = examined.flatMap(({ store, notTried }) =>
    notTried === undefined ? [] : [`Not tried in ${printable(store.uri.text)}: ${notTried}.\n`],
  );
  const unseen = examined.some(({ login }) => login?.secret === "unknown" && login.because === "not tried");
  const fine = unseen ? `${NO_LOGIN_TRIED}\nNothing else is wrong.\n` : "Nothing is wrong.\n";
  return `${pair}${table.join("")}${problems.join("") || fine}${untried.join("")}`;
}

/** The same as a JSON document; never with a secret. */
export function diagnosisJson(
  examined: readonly Examined[],
  findings: readonly Finding[],
  twins?: Diagnosis["twins"],
): string {
  const stores = examined.map(({ store, notReady, document, login, stagedValid, notTried }) => ({
    uri: store.uri.text,
    ready: notReady === undefined,
    readable: store.readable,
    client_id: document?.clientId ?? null,
    life: login ? LIFE[login.secret] : null,
    staged_alive: stagedValid !== undefined,
    regenerated_at: document?.regeneratedAt ?? null,
    rotation: document?.rotation ?? null,
    not_tried: notTried ?? null,
  }));
  const pair = twins ? { in_use: twins.inUse, idle: twins.idle } : null;
  return harmlessJson({ command: "doctor", stores, twins: pair, findings });
}

function rowOf({ store, notReady, document, login }: Examined): Row {
  const unreadable = store.readable && notReady === undefined ? "-" : "?";
  return {
    ready: notReady === undefined ? "yes" : "NO",
    client: document ? printable(document.clientId) : unreadable,
    logsIn: login === undefined ? unreadable : { valid: "yes", invalid: "NO", unknown: "?" }[login.secret],
    age: document ? ageOf(document.regeneratedAt, Date.now()) : unreadable,
    rotation: document ? printable(document.rotation ?? "-") : unreadable,
    uri: printable(store.uri.text),
  };
}
