import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { foldersOf, linkCommands } from "../command-folder";
import { COREUTILS, NODE_AND_GIT, SHELLS } from "./commands";
import { type JestReport, unnamedSkips } from "./skips";

const ROOT = join(__dirname, "../..");

/** `npm run test:bare [-- JEST'S ARGUMENTS]`: `npm test` as on a machine that has Node.js, git and a shell, and no more. */
function main(): number {
  const { values, positionals } = parseArgs({
    options: { outputFile: { type: "string" } },
    allowPositionals: true,
  });
  const place = mkdtempSync(join(tmpdir(), "bare-path-"));
  const path = join(place, "bin");
  const outputFile = resolve(values.outputFile ?? join(place, "report.json"));
  try {
    const found = linkCommands(
      [...NODE_AND_GIT, ...SHELLS, ...COREUTILS],
      foldersOf(process.env.PATH ?? ""),
      path,
    );
    console.log(`PATH=${path}, with ${found.length} commands: ${found.join(" ")}`);
    const args = ["test", "--", "--ci", "--json", "--outputFile", outputFile, ...positionals];
    const { status } = spawnSync("npm", args, {
      cwd: ROOT,
      env: bareEnvironment(path),
      stdio: ["ignore", "inherit", "inherit"],
    });
    const unnamed = unnamedSkips(JSON.parse(readFileSync(outputFile, "utf8")) as JestReport);
    for (const name of unnamed) console.error(`Skipped, and its title does not say what is missing: ${name}`);
    return status === 0 && unnamed.length === 0 ? 0 : 1;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** Nothing of the caller's that leads to another tool: neither by name, nor to what `.ci/run` installed here. */
function bareEnvironment(path: string): NodeJS.ProcessEnv {
  const { HOME, TMPDIR, LANG, CI } = process.env;
  return { HOME, TMPDIR, LANG, CI, PATH: path, TOOLS_ON_PATH_ONLY: "1" };
}

process.exitCode = main();
