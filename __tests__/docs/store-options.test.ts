import { readFileSync } from "node:fs";
import { join } from "node:path";
import { storeOptions } from "../../docs/store-options";

test("docs/store-options.md says what the grammar says: npx tsx docs/store-options.ts > docs/store-options.md", () => {
  expect(readFileSync(join(__dirname, "../../docs/store-options.md"), "utf8")).toBe(storeOptions());
});
