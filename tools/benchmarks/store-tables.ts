import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pageTables } from "../../__tests__/helpers/page-tables";
import { EVERY_ROW, keptIn, refusalIn } from "../../__tests__/helpers/store-rows";

const HELP = `npm run store-tables [-- --write | -- --check REPORT…]

Runs the tests that are rows of the tables of stores in docs/reliability.md, and prints the tables.

--write   puts them into the page
--check   runs nothing: makes the tables of jest's own reports (--json), and compares them with the page`;

/** A test, as jest reports it. */
interface Tried {
  readonly title: string;
  readonly status: string;
}

/** Runs the tests that are rows. */
function tryRows(): readonly Tried[] {
  const folder = mkdtempSync(join(tmpdir(), "store-tables-"));
  const file = join(folder, "report.json");
  const every = ["--testPathIgnorePatterns", "/node_modules/", "--testMatch", "**/__tests__/**/*.test.ts"];
  const argv = ["jest", ...every, "--testNamePattern", EVERY_ROW, "--json", "--outputFile", file];
  spawnSync("npx", [...argv, "__tests__/scripts/stores"], { stdio: ["ignore", "ignore", "inherit"] });
  const tried = readReport(file);
  rmSync(folder, { recursive: true });
  return tried;
}

function readReport(file: string): readonly Tried[] {
  const { testResults } = JSON.parse(readFileSync(file, "utf8"));
  return testResults.flatMap(
    ({ assertionResults }: { readonly assertionResults: readonly Tried[] }) => assertionResults,
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const sorted = [...new Set(rows.map(line))].sort();
  return [line(head), line(head.map(() => "---")), ...sorted].join("\n");
}

/** The titles that are rows of a table, as their cells. */
function rowsOf(
  tried: readonly Tried[],
  read: (title: string) => readonly string[] | undefined,
): readonly (readonly string[])[] {
  return tried.flatMap(({ title }) => {
    const row = read(title);
    return row === undefined ? [] : [row];
  });
}

function main(): void {
  const [flag, ...reports] = process.argv.slice(2);
  if (flag === "--help") {
    console.log(HELP);
    return;
  }
  const tried = flag === "--check" ? reports.flatMap(readReport) : tryRows();
  const refusals = rowsOf(tried, refusalIn);
  const kept = rowsOf(tried, keptIn);
  const tables = {
    refused: table(["store", "condition", "the place", "exit", "regenerate calls"], refusals),
    kept: table(["store", "what others have set", "kept"], kept),
  };
  const page = pageTables("reliability.md");
  const failed = tried.filter(
    ({ title, status }) => status === "failed" && (refusalIn(title) ?? keptIn(title)) !== undefined,
  );
  for (const { title } of failed) console.error(`Does not hold: ${title}`);
  if (failed.length > 0) process.exitCode = 1;

  for (const name of ["refused", "kept"] as const) {
    if (flag === "--write") page.write(name, tables[name]);
    else if (flag !== "--check") console.log(`${tables[name]}\n`);
    else if (page.table(name) !== tables[name]) {
      console.error(`The table "${name}" is another one: npm run store-tables -- --write`);
      process.exitCode = 1;
    }
  }
  console.log(`${refusals.length} conditions and ${kept.length} attributes; ${failed.length} do not hold.`);
}

main();
