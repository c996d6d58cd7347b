import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Cell, tryEverything } from "./cells";
import { Copy } from "./copy";
import { install } from "./install";
import { type Line, linesOf } from "./lines";
import { type Row, tableOf, writePage } from "./page";

const ROOT = join(__dirname, "../..");
const SHOWN_LINES = 80;

/**
 * `npm run node-lines [-- LINE...] [--write] [--outputFile FILE]`: tries what is committed on each Node.js line.
 * --write puts the table into docs/node-lines.md, --outputFile the counts into a file, named as jest names them.
 */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { write: { type: "boolean" }, outputFile: { type: "string" } },
    allowPositionals: true,
  });
  if (values.write && positionals.length > 0) throw new Error("--write needs every line: name none");
  const lines = linesOf(positionals);
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], {
    cwd: ROOT,
    encoding: "utf8",
  }).trim();
  const interruption = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => interruption.abort());
  const rows: Row[] = [];
  for (const line of lines) rows.push({ line, cells: await tryLine(line, interruption.signal) });
  console.log(`\nCommit ${commit}\n\n${tableOf(rows)}`);
  const cells = rows.flatMap((row) => row.cells);
  if (values.outputFile) writeFileSync(values.outputFile, JSON.stringify(counts(cells)));
  if (values.write) writePage(rows, commit);
  if (cells.some(({ failed }) => failed > 0)) process.exitCode = 1;
}

async function tryLine(line: Line, interruption: AbortSignal): Promise<Cell[]> {
  console.error(`Node.js ${line.version} …`);
  const copy = new Copy(install(line), interruption);
  try {
    const cells = await tryEverything(copy, line.version);
    for (const { name, output } of cells)
      if (output !== undefined)
        console.error(`${line.version}, ${name}:\n${output.split("\n").slice(-SHOWN_LINES).join("\n")}`);
    return cells;
  } finally {
    copy.remove();
  }
}

function counts(cells: readonly Cell[]): object {
  const sum = (key: "passed" | "failed" | "skipped"): number =>
    cells.reduce((total, cell) => total + cell[key], 0);
  return { numPassedTests: sum("passed"), numFailedTests: sum("failed"), numPendingTests: sum("skipped") };
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
