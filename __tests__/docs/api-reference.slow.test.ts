import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pageText, ROOT } from "./pages";

test("the API reference is what the docstrings give (npm run api-reference)", () => {
  const folder = mkdtempSync(join(tmpdir(), "api-reference-"));
  try {
    const typedoc = join(ROOT, "node_modules/typedoc/bin/typedoc");
    execFileSync(process.execPath, [typedoc, "--out", folder], { cwd: ROOT, stdio: "pipe" });
    expect(pageText("docs/api-reference/README.md")).toBe(readFileSync(join(folder, "README.md"), "utf8"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
