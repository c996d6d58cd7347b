import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { commandPath } from "../helpers/command-path";
import type { Engine } from "../helpers/engines";
import { HUNG_MS } from "../helpers/hung";
import { PROGRAM } from "../helpers/program";
import { PATIENCE } from "../package/consumer";
import { type Block, blocksOf, ROOT } from "./pages";

/** What stands for a value that only the reader knows: `export VAULT_ADDR=…`. */
const PLACEHOLDER = "…";

/** The folder of another line of Node.js, which the reader is to have; unset: this machine's own. */
const NODE_LINE_BIN = process.env.NODE_LINE_BIN;

/** What a command's name means where the reader is, without the shims. */
export const READERS_PATH = [...(NODE_LINE_BIN ? [NODE_LINE_BIN] : []), process.env.PATH].join(delimiter);

/** The statements of a block: a line, the lines it goes on in, or a here-document as a whole. */
function statementsOf({ text }: Block): string[] {
  const statements: string[] = [];
  const lines = text.split("\n");
  for (let at = 0; at < lines.length; at++) {
    let statement = lines[at] as string;
    while (statement.endsWith("\\") && at + 1 < lines.length) statement += `\n${lines[++at]}`;
    const [, end] = /<<'?(\w+)'?/.exec(statement) ?? [];
    if (end !== undefined) {
      do statement += `\n${lines[++at]}`;
      while (lines[at] !== end && at + 1 < lines.length);
    }
    if (statement.trim() !== "" && !statement.startsWith("#")) statements.push(statement);
  }
  return statements;
}

/** What a reader does with a block: types it, or saves it as the file that the page names; else undefined. */
function asTyped(block: Block): Block | undefined {
  if (block.language === "sh") return block;
  if (block.file === undefined) return undefined;
  return { ...block, text: `cat > ${block.file} <<'THE_FILE'\n${block.text}\nTHE_FILE` };
}

/** The shell commands of a page, each with a check of its exit code: 0, or what a comment "# exit N" says. */
export function scriptOf(page: string, isMeant: (block: Block) => boolean = () => true): string {
  const blocks = blocksOf(page).filter(isMeant);
  const statements = blocks
    .flatMap((block) => asTyped(block) ?? [])
    .flatMap(statementsOf)
    .filter((statement) => !statement.includes(PLACEHOLDER));
  return typed(statements);
}

function typed([statement, ...rest]: readonly string[]): string {
  if (statement === undefined || statement === "exit") return "";
  // What follows is typed into the shell that it starts, up to its exit.
  if (/ (ba)?sh$/.test(statement)) {
    const end = rest.indexOf("exit");
    const inside = end < 0 ? rest : rest.slice(0, end);
    const after = end < 0 ? [] : rest.slice(end + 1);
    return `${statement} <<'THE_READER'\n${typed(inside)}\nTHE_READER\n${check(statement)}\n${typed(after)}`;
  }
  return `{ ${statement}\n} </dev/null\n${check(statement)}\n${typed(rest)}`;
}

function check(statement: string): string {
  const expected = /# exit (\d+)/.exec(statement)?.[1] ?? "0";
  const shown = JSON.stringify(statement.split("\n")[0]).replaceAll("$", "\\$").replaceAll("`", "\\`");
  return `code=$?; [ "$code" = ${expected} ] || { echo "DOCS: exit $code, not ${expected}: "${shown}; exit 99; }`;
}

/** Commands that stand in the PATH before the real ones; `"$@"` are their arguments. */
export type Shims = Readonly<Record<string, string>>;

/** @returns the folder to put into the PATH */
export function writeShims(folder: string, shims: Shims): string {
  const bin = join(folder, ".bin");
  mkdirSync(bin, { recursive: true });
  for (const [name, body] of Object.entries(shims)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  return bin;
}

/** How npm answers a reader: from this machine's cache where it can. */
export const READERS_NPM = {
  ...PATIENCE,
  npm_config_cache: join(homedir(), ".npm"),
  npm_config_prefer_offline: "true",
};

/**
 * What a reader has who installs this package: it is not published where tests run, so its name stands for the
 * tarball. The pages say terraform, and tell whoever has OpenTofu to write tofu.
 */
export function installing(tarball: string, engine: Engine): Shims {
  const npm = `for word; do shift
    [ "$word" = cdktf-genesyscloud-secure-oauth-client ] && word=${tarball}
    set -- "$@" "$word"; done
    exec ${commandPath("npm")} "$@"`;
  return { npm, terraform: `exec ${commandPath(engine.binary)} "$@"` };
}

/** `npx` finds this project's programs, as if the package were installed where the reader is. */
export const INSTALLED: Shims = {
  npm: 'case "$1" in install|ci|init) exit 0;; esac; exit 127',
  npx: `case "$1" in
    genesys-secret) shift; exec node -- ${PROGRAM} "$@";;
    cdktf) shift; exec node ${join(ROOT, "node_modules/cdktf-cli/bundle/bin/cdktf")} "$@";;
    esac; exit 127`,
};

/**
 * Types a page's commands into a shell, as a reader does who follows it word for word.
 * @param isMeant which of its blocks. @default - all
 * @returns what the reader's terminal shows
 * @throws {Error} with that, when a command ends otherwise than the page says
 */
export function walkThrough(
  page: string,
  folder: string,
  environment: Readonly<Record<string, string>>,
  shims: Shims,
  isMeant?: (block: Block) => boolean,
): Promise<string> {
  const bin = writeShims(folder, shims);
  const child = spawn("bash", ["-s"], {
    cwd: folder,
    timeout: HUNG_MS,
    env: {
      HOME: folder,
      CI: "1",
      NO_COLOR: "1",
      DISABLE_VERSION_CHECK: "1",
      ...environment,
      PATH: `${bin}${delimiter}${READERS_PATH}`,
    },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      output += chunk;
    });
  child.stdin.end(`exec 2>&1\n${scriptOf(page, isMeant)}\n`);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve(output) : reject(new Error(output))));
  });
}
