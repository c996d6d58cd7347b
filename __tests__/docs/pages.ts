import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

export const ROOT = join(__dirname, "../..");

/** Every page in Markdown that readers get: what git knows, less what is generated. */
export const PAGES: readonly string[] = execFileSync(
  "git",
  ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
  { cwd: ROOT, encoding: "utf8" },
)
  .split("\n")
  .filter((path) => path !== "" && !path.startsWith(".gen/"));

export function pageText(page: string): string {
  return readFileSync(join(ROOT, page), "utf8");
}

/** A fenced block of a page. */
export interface Block {
  readonly language: string;
  readonly text: string;
  /** Line of the page that its text begins in, from 1. */
  readonly line: number;
  /** The file that the page has the reader save it as. */
  readonly file: string | undefined;
}

/** The fenced blocks of a page, in order; one inside a list loses the list's indentation. */
export function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  let open: (Omit<Block, "text"> & { indent: number; text: string[] }) | undefined;
  let above = "";
  for (const [index, line] of pageText(page).split("\n").entries()) {
    const [, indent = "", language = ""] = /^(\s*)```(\w*)/.exec(line) ?? [];
    if (!/^\s*```/.test(line)) open?.text.push(line.slice(open.indent));
    else if (open) {
      const { indent: _, text, ...block } = open;
      blocks.push({ ...block, text: text.join("\n") });
      open = undefined;
    } else {
      const file = /^Save this as `([\w.-]+)`:$/.exec(above)?.[1];
      open = { indent: indent.length, language, line: index + 2, file, text: [] };
    }
    if (line.trim() !== "") above = line;
  }
  return blocks;
}
