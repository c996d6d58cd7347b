// CONTRIBUTING.md's recipe for a store, taken step by step.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { blocksOf, pageText, ROOT } from "../../docs/pages";

const PAGE = "CONTRIBUTING.md";

/** A step: the file that it makes or changes, and the code that the page gives for it. */
export interface Step {
  readonly file: string;
  readonly code: string | undefined;
}

/** The steps of the page, in order. */
export function recipe(): readonly Step[] {
  const [, after = ""] = pageText(PAGE).split("**Adding a store**");
  const [section = ""] = after.split("\n**");
  const codes = new Map(
    blocksOf(PAGE).flatMap(({ text }) => {
      const [, file, code] = /^\/\/ (\S+\.ts)\n(.*)$/s.exec(text) ?? [];
      return file !== undefined && code !== undefined ? [[file, code] as const] : [];
    }),
  );
  return [...section.matchAll(/^\d+\. `([^`]+)`/gm)].map(([, file = ""]) => ({
    file,
    code: codes.get(file),
  }));
}

/** A copy of the project, in a folder that is not there yet; the packages are shared. */
export function copyProject(folder: string): void {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: ROOT,
    encoding: "utf8",
  });
  for (const file of listed.split("\n")) {
    if (file === "" || !existsSync(join(ROOT, file))) continue;
    cpSync(join(ROOT, file), join(folder, file));
  }
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
}

/** Where a file that is there takes what a store adds to it. */
const ENDS: Readonly<Record<string, string>> = {
  "scripts/stores/schemes.ts": "} satisfies Record<string, SchemeRow>;",
  "constructs/secret-store.ts": "  private constructor(",
};

/** Takes the steps in a copy. What the page leaves to the store's author comes from the toy store's folder. */
export function takeSteps(folder: string): void {
  for (const { file, code } of recipe()) {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    if (code === undefined) writeFileSync(path, ofTheToy(basename(file), "../"));
    else if (existsSync(path)) writeFileSync(path, withCode(readFileSync(path, "utf8"), code, file));
    else writeFileSync(path, `${code}\n`);
    if (/^import .* from "\.\/box";$/m.test(code ?? ""))
      writeFileSync(join(dirname(path), "box.ts"), ofTheToy("box.ts", "../"));
  }
}

/** A file of the toy store, its imports as they are where it is going. */
function ofTheToy(name: string, stores: string): string {
  return readFileSync(join(__dirname, name), "utf8")
    .replaceAll('"../../../scripts/stores/', `"${stores}`)
    .replaceAll('"../../../scripts/', '"../../')
    .replaceAll('"../../helpers/', '"../../../helpers/');
}

/** Its imports go to the top, the rest to where the list of its like ends. */
function withCode(text: string, code: string, file: string): string {
  const end = ENDS[file];
  if (end === undefined || text.split(end).length !== 2) throw new Error(`${file} has no place for more`);
  const lines = code.split("\n");
  const imports = lines.filter((line) => line.startsWith("import "));
  const rest = lines.filter((line) => !line.startsWith("import "));
  return `${[...imports, text.replace(end, () => `${rest.join("\n")}\n${end}`)].join("\n")}`;
}
