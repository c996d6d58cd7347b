import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Cell, NAMES } from "./cells";
import type { Line } from "./lines";

const PAGE = join(__dirname, "../../docs/node-lines.md");
const TABLE = /(<!-- table: npm run node-lines -- --write -->\n)[\s\S]*?(<!-- end of table -->)/;

export interface Row {
  readonly line: Line;
  readonly cells: readonly Cell[];
}

/** Node.js line × what was tried. */
export function tableOf(rows: readonly Row[]): string {
  return [
    `| Node.js | ${NAMES.join(" | ")} |`,
    `|---|${NAMES.map(() => "---|").join("")}`,
    ...rows.map(({ line, cells }) => `| ${line.version} | ${cells.map(textOf).join(" | ")} |`),
  ].join("\n");
}

function textOf({ passed, failed, skipped }: Cell): string {
  if (passed + failed === 1) return failed ? "**failed**" : "passed";
  const counts = [`${passed} passed`, failed && `**${failed} failed**`, skipped && `${skipped} skipped`];
  return counts.filter(Boolean).join(", ");
}

/** Puts the table into the page. @param commit what was tried */
export function writePage(rows: readonly Row[], commit: string): void {
  const page = readFileSync(PAGE, "utf8");
  if (!TABLE.test(page)) throw new Error(`${PAGE} has no place for the table`);
  const day = new Date().toISOString().slice(0, 10);
  const setting = `Tried on ${day} at commit ${commit}, on ${process.platform} ${process.arch}, each line in a fresh clone.`;
  writeFileSync(
    PAGE,
    page.replace(TABLE, (_, start, end) => `${start}${setting}\n\n${tableOf(rows)}\n${end}`),
  );
}
