import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { blocksOf, PAGES, ROOT } from "./pages";

const PACKAGE = "cdktf-genesyscloud-secure-oauth-client";

/** Whole programs: an excerpt shows a class or props of something around it, or names the file here that it goes into. */
const programs = PAGES.flatMap((page) =>
  blocksOf(page)
    .filter(
      ({ language, text }) => language === "ts" && /^import /m.test(text) && !/^\/\/ \S+\.ts\n/.test(text),
    )
    .map((block) => ({ ...block, page })),
);

test("each TypeScript program of the docs compiles against the constructs", () => {
  expect(programs.length).toBeGreaterThan(1);
  // Inside the project, where cdktf and constructs are found.
  const folder = mkdtempSync(join(ROOT, ".docs-types-"));
  try {
    const files = programs.map(({ page, line, text }) => {
      const file = `${page.replace(/\W+/g, "-")}-${line}.ts`;
      writeFileSync(join(folder, file), text);
      return file;
    });
    const compilerOptions = {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      module: "node16",
      target: "es2022",
      types: ["node"],
      moduleResolution: "node16",
      paths: { [PACKAGE]: ["../constructs/index.ts"] },
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
    const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
    let said = "";
    try {
      execFileSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8", stdio: "pipe" });
    } catch (error) {
      said = (error as { stdout: string }).stdout;
    }
    expect(said).toBe("");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
