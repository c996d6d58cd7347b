import { readFileSync } from "node:fs";
import { join } from "node:path";
import { storeOptions } from "../../docs/store-options";
import type { SchemeRow } from "../../scripts/stores/grammar";
import { SCHEMES } from "../../scripts/stores/schemes";

test("docs/store-options.md says what the grammar says: npx tsx docs/store-options.ts > docs/store-options.md", () => {
  expect(readFileSync(join(__dirname, "../../docs/store-options.md"), "utf8")).toBe(storeOptions());
});

test("it says of each store that cannot be read, or holds a bare value, that another client's secret is not seen", () => {
  const silent = Object.entries<SchemeRow>(SCHEMES).filter(([scheme, { readable, bareWith }]) => {
    const section = storeOptions().split(`\n## ${scheme}:\n`)[1]?.split("\n## ")[0] ?? "";
    return (!readable || bareWith !== undefined) && !section.includes("another client's secret is not seen");
  });
  expect(silent.map(([scheme]) => scheme)).toEqual([]);
});
