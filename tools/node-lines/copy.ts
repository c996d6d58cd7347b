import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { type ProcessResult, runProcess } from "../../sandbox/run-process";
import { foldersOf, foldersWithout } from "../command-folder";

const ROOT = join(__dirname, "../..");

/** What npm tells the scripts that it runs about this copy and this Node.js; another copy must not hear it. */
const OF_THIS_RUN =
  /^(npm_(?!config_)|npm_config_(prefix|local_prefix|global_prefix|node_gyp|npm_version|user_agent)$|INIT_CWD$|NODE$|NODE_OPTIONS$|REQUIRE_TOOLS$)/i;

/** A fresh clone of HEAD in which one Node.js is the only one. */
export class Copy {
  readonly folder: string;
  readonly #home = realpathSync(mkdtempSync(join(tmpdir(), "node-line-")));
  readonly #environment: NodeJS.ProcessEnv;
  readonly #interruption: AbortSignal;

  /** @param bin the folder that holds the line's node, npm and npx */
  constructor(bin: string, interruption: AbortSignal) {
    this.#interruption = interruption;
    this.folder = join(this.#home, "project");
    const clone = spawnSync("git", ["clone", "--quiet", ROOT, this.folder], { encoding: "utf8" });
    if (clone.status !== 0) throw new Error(`git clone: ${clone.stderr}`);
    for (const name of ["tmp", "cdktf-home"]) mkdirSync(join(this.#home, name));
    const folders = foldersOf(process.env.PATH ?? "");
    const others = foldersWithout(["node", "npm", "npx", "corepack"], folders, join(this.#home, "path"));
    const own = Object.entries(process.env).filter(([name]) => !OF_THIS_RUN.test(name));
    this.#environment = {
      ...Object.fromEntries(own),
      PATH: [bin, ...others].join(delimiter),
      NODE_LINE_BIN: bin,
      TMPDIR: join(this.#home, "tmp"),
      CDKTF_HOME: join(this.#home, "cdktf-home"),
      CHECKPOINT_DISABLE: "1",
      DISABLE_VERSION_CHECK: "1",
      CI: "1",
      NO_COLOR: "1",
    };
  }

  /** Runs a command line in it. */
  run(command: string): Promise<ProcessResult> {
    const interruption = this.#interruption;
    return runProcess("sh", ["-c", command], { cwd: this.folder, env: this.#environment, interruption });
  }

  remove(): void {
    rmSync(this.#home, { recursive: true, force: true });
  }
}
