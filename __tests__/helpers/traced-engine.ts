import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { type ProcessTrace, readTraces, traceInto } from "../../sandbox/sweep/process-trace";
import type { Deployment, EngineResult, RunningEngine } from "./deployment";
import { type DeploymentLeaks, leaksOf } from "./deployment-leaks";

/**
 * Runs the engine of a deployment where nothing that it leaves goes unseen: under strace, at TF_LOG=TRACE, with its home
 * folder, npm's and Node's caches and its temporary files in the project's folder.
 */
export class TracedEngine {
  readonly #deployment: Deployment;
  /** Not in the project's folder: it holds the admin's secret. */
  readonly #traces = mkdtempSync(join(tmpdir(), "genesys-secret-strace-"));
  #runs: string[] = [];
  #output = "";

  constructor(deployment: Deployment) {
    this.#deployment = deployment;
  }

  start(args: readonly string[], environment: NodeJS.ProcessEnv = {}): RunningEngine {
    const { folder } = this.#deployment.project;
    const home = join(folder, "home");
    mkdirSync(home, { recursive: true });
    const trace = join(this.#traces, String(this.#runs.length));
    this.#runs.push(trace);
    const running = this.#deployment.startEngine(
      args,
      {
        TF_LOG: "TRACE",
        TF_LOG_PATH: join(folder, "trace.log"),
        // A mirror that the user's own file names must still be found from another home.
        ...engineSettings(),
        HOME: home,
        XDG_CACHE_HOME: join(home, ".cache"),
        npm_config_cache: join(home, ".npm"),
        NODE_COMPILE_CACHE: join(folder, "node-cache"),
        // Else Node may write files in a way that strace does not see.
        UV_USE_IO_URING: "0",
        ...environment,
      },
      traceInto(trace),
    );
    const result = running.result.then((ended) => {
      this.#output += ended.output;
      return ended;
    });
    return { child: running.child, result };
  }

  run(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<EngineResult> {
    return this.start(args, environment).result;
  }

  /** Sweeps all that the processes since the last sweep did, and all that was ever left. */
  sweep(): DeploymentLeaks & { readonly processes: ProcessTrace } {
    const processes = readTraces(this.#runs);
    const texts = { "stdout and stderr": this.#output };
    for (const trace of this.#runs) rmSync(trace);
    this.#runs = [];
    return { ...leaksOf(this.#deployment, { texts, processes }), processes };
  }

  remove(): void {
    rmSync(this.#traces, { recursive: true, force: true });
  }
}

function engineSettings(): NodeJS.ProcessEnv {
  const file = join(homedir(), ".terraformrc");
  return process.env.TF_CLI_CONFIG_FILE === undefined && existsSync(file) ? { TF_CLI_CONFIG_FILE: file } : {};
}
