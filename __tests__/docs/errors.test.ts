import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pageText, ROOT } from "./pages";

/** Every code that the program's source gives an error. */
function codesInSource(): string[] {
  const files = execFileSync("git", ["ls-files", "scripts/*.ts"], { cwd: ROOT, encoding: "utf8" });
  const sources = files
    .split("\n")
    .filter(Boolean)
    .map((file) => readFileSync(join(ROOT, file), "utf8"));
  // Node's own codes stand beside a comparison.
  const codes = sources.flatMap((text) =>
    [...text.matchAll(/([!=]== )?"(ERR_[A-Z_]+)"/g)].flatMap(([, compared, code]) =>
      compared ? [] : [code],
    ),
  );
  return [...new Set(codes as string[])].sort();
}

test("docs/errors.md has a row for each code of the source, and no other", () => {
  const rows = [...pageText("docs/errors.md").matchAll(/^\| `(ERR_[A-Z_]+)` \| [\d, ]+ \|/gm)];
  expect(rows.map(([, code]) => code).sort()).toEqual(codesInSource());
});
