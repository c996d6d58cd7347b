import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pageTables } from "../../__tests__/helpers/page-tables";
import { KEPT, REFUSED } from "../../__tests__/helpers/store-rows";

interface Tried {
  readonly title: string;
  readonly status: string;
}

/** Runs the tests that stand for rows. */
function tryRows(): readonly Tried[] {
  const folder = mkdtempSync(join(tmpdir(), "store-tables-"));
  const file = join(folder, "report.json");
  const every = ["--testPathIgnorePatterns", "/node_modules/", "--testMatch", "**/__tests__/**/*.test.ts"];
  const rows = ["--testNamePattern", `(${REFUSED}|${KEPT}) \\|`];
  const argv = ["jest", ...every, ...rows, "--json", "--outputFile", file, "__tests__/scripts/stores"];
  spawnSync("npx", argv, { stdio: ["ignore", "ignore", "inherit"] });
  const { testResults } = JSON.parse(readFileSync(file, "utf8"));
  rmSync(folder, { recursive: true });
  return testResults
    .flatMap(({ assertionResults }: { assertionResults: readonly Tried[] }) => assertionResults)
    .filter(({ title, status }: Tried) => title.includes(" | ") && status !== "pending");
}

/** The parts of the titles that begin so, sorted. */
function rowsOf(tried: readonly Tried[], kind: string): readonly (readonly string[])[] {
  return tried
    .map(({ title }) => title.split(" | "))
    .filter(([first]) => first === kind)
    .map(([, ...parts]) => parts)
    .sort((one, other) => (one.join() < other.join() ? -1 : 1));
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** `npm run store-tables`: each row tried anew; `-- --write` puts the tables into docs/reliability.md. */
function main(): void {
  const tried = tryRows();
  const refused = table(["Store", "Condition", "Entry", "Ends with", "Regenerate"], rowsOf(tried, REFUSED));
  const kept = table(["Store", "Stays as it was"], rowsOf(tried, KEPT));
  const failed = tried.filter(({ status }) => status !== "passed");
  console.log(`${refused}\n\n${kept}\n\n${tried.length - failed.length} of ${tried.length} hold.`);
  for (const { title } of failed) console.error(`Does not hold: ${title}`);
  if (failed.length > 0) process.exitCode = 1;
  else if (process.argv.includes("--write")) {
    const page = pageTables("reliability.md");
    page.write("refused", refused);
    page.write("kept", kept);
  }
}

main();
