import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

type TableName = "audit" | "sweep";

const PATH = join(__dirname, "../../docs/planted-matrix.md");

/** The page of docs/ that shows both matrices, each between two comments. */
export const plantedPage = {
  table: (name: TableName): string => partsOf(name).table,

  write(name: TableName, table: string): void {
    const { before, after } = partsOf(name);
    writeFileSync(PATH, `${before}${table}${after}`);
  },
};

function partsOf(name: TableName): { before: string; table: string; after: string } {
  const page = readFileSync(PATH, "utf8");
  const pattern = new RegExp(`^(.*<!-- ${name}: [^>]*-->\n\n)(.*?)(\n\n<!-- end -->.*)$`, "s");
  const [, before, table, after] = pattern.exec(page) ?? [];
  if (before === undefined || table === undefined || after === undefined)
    throw new Error(`${PATH} has no place for the table "${name}"`);
  return { before, table, after };
}
