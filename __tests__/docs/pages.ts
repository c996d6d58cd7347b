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
}

/** The fenced blocks of a page, in order; one inside a list loses the list's indentation. */
export function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  let open: { indent: number; language: string; line: number; text: string[] } | undefined;
  for (const [index, line] of pageText(page).split("\n").entries()) {
    const [, indent = "", language = ""] = /^(\s*)```(\w*)/.exec(line) ?? [];
    if (!/^\s*```/.test(line)) open?.text.push(line.slice(open.indent));
    else if (open) {
      blocks.push({ language: open.language, text: open.text.join("\n"), line: open.line });
      open = undefined;
    } else open = { indent: indent.length, language, line: index + 2, text: [] };
  }
  return blocks;
}
