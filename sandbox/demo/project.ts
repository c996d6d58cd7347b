import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type ProcessResult, runProcess } from "../run-process";

const ROOT = join(__dirname, "../..");
const CDKTF = join(ROOT, "node_modules/cdktf-cli/bundle/bin/cdktf");
const PROGRAM = join(ROOT, "dist/program/genesys-secret.cjs");

/** This repository's app as a project of its own in a temporary folder, so that nothing of the user's is touched. */
export class Project {
  /** The project's folder; its `tmp` and `home` keep what the engine leaves elsewhere. */
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), "genesys-secret-project-")));
  readonly #environment: NodeJS.ProcessEnv;
  readonly interruption: AbortSignal | undefined;

  /**
   * @param environment added to this process's own for every command
   * @param interruption ends the command that runs, and refuses the next
   */
  constructor(environment: NodeJS.ProcessEnv, interruption?: AbortSignal) {
    this.interruption = interruption;
    for (const name of ["tmp", "home", "plugin-cache"]) mkdirSync(join(this.folder, name));
    this.#environment = {
      ...process.env,
      CHECKPOINT_DISABLE: "1",
      DISABLE_VERSION_CHECK: "1",
      CDKTF_HOME: join(this.folder, "home"),
      TMPDIR: join(this.folder, "tmp"),
      CI: "1",
      NO_COLOR: "1",
      FORCE_COLOR: "0",
      TF_IN_AUTOMATION: "1",
      TF_PLUGIN_CACHE_DIR: join(this.folder, "plugin-cache"),
      ...environment,
    };
    // OpenTofu warns on stdout about a configuration file that is not there, which CDKTF takes for JSON.
    if (!existsSync(this.#environment.TF_CLI_CONFIG_FILE ?? "")) delete this.#environment.TF_CLI_CONFIG_FILE;
    this.setRotation("1");
  }

  /**
   * Does what a user does who edits cdktf.json to rotate.
   * @param main the app's main file
   */
  setRotation(version: string, main = join(ROOT, "main.ts")): void {
    const settings = JSON.parse(readFileSync(join(ROOT, "cdktf.json"), "utf8"));
    const loader = pathToFileURL(require.resolve("tsx")).href;
    const app = `node --import ${loader} ${JSON.stringify(main)}`;
    const changed = { ...settings, app, context: { ...settings.context, rotation: version } };
    writeFileSync(join(this.folder, "cdktf.json"), JSON.stringify(changed));
  }

  cdktf(
    args: readonly string[],
    environment: NodeJS.ProcessEnv = {},
    onLine?: (line: string) => void,
  ): Promise<ProcessResult> {
    return this.run(process.execPath, [CDKTF, ...args], { environment, onLine });
  }

  /** Runs `genesys-secret`. */
  program(args: readonly string[], onLine?: (line: string) => void): Promise<ProcessResult> {
    return this.run(process.execPath, [PROGRAM, ...args], { onLine });
  }

  run(
    command: string,
    args: readonly string[],
    options: { environment?: NodeJS.ProcessEnv; cwd?: string; onLine?: (line: string) => void } = {},
  ): Promise<ProcessResult> {
    const env = this.environment(options.environment);
    const { cwd = this.folder, onLine } = options;
    return runProcess(command, args, { cwd, env, onLine, interruption: this.interruption });
  }

  /** The environment of every command, and what is added for one. */
  environment(added: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
    return { ...this.#environment, ...added };
  }

  /** Folder of the one stack, once synthesized. */
  get stackFolder(): string {
    const stacks = join(this.folder, "cdktf.out/stacks");
    return join(stacks, readdirSync(stacks)[0] as string);
  }

  /** The document in the app's store. */
  storedDocument(): { client_id: string; client_secret: string; regenerated_at: string } {
    return JSON.parse(readFileSync(this.storePath, "utf8"));
  }

  get storePath(): string {
    return join(this.folder, "secrets/Terraform-Managed-CI-Client.json");
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
