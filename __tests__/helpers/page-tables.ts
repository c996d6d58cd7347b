import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The tables of a page of docs/ that a command writes, each between two comments. */
export function pageTables(page: string) {
  const path = join(__dirname, "../../docs", page);
  return {
    table: (name: string): string => partsOf(path, name).table,

    write(name: string, table: string): void {
      const { before, after } = partsOf(path, name);
      writeFileSync(path, `${before}${table}${after}`);
    },
  };
}

function partsOf(path: string, name: string): { before: string; table: string; after: string } {
  const page = readFileSync(path, "utf8");
  const pattern = new RegExp(`^(.*<!-- ${name}: [^>]*-->\n\n)(.*?)(\n\n<!-- end -->.*)$`, "s");
  const [, before, table, after] = pattern.exec(page) ?? [];
  if (before === undefined || table === undefined || after === undefined)
    throw new Error(`${path} has no place for the table "${name}"`);
  return { before, table, after };
}
