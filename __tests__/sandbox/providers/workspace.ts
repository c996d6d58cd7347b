import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Engine } from "../../helpers/engines";

/** How a run of the engine ended. */
export interface Run {
  readonly code: number;
  /** Everything it printed. */
  readonly output: string;
}

type Attributes = Record<string, unknown>;

/** The registry that this engine takes providers without a host to come from. */
export function registryHost(engine: Engine) {
  return engine.name === "OpenTofu" ? "registry.opentofu.org" : "registry.terraform.io";
}

/** A temporary folder with a configuration, in which a real engine runs with stand-in providers. */
export class Workspace {
  readonly folder = mkdtempSync(join(tmpdir(), "stand-ins-"));

  constructor(
    private readonly engine: Engine,
    private readonly reattach: string,
  ) {}

  /** Replaces the configuration. */
  write(configuration: Attributes): void {
    const terraform = {
      required_providers: {
        null: { source: "hashicorp/null", version: "~> 3.2" },
        genesyscloud: { source: "mypurecloud/genesyscloud", version: "~> 1.82" },
      },
    };
    writeFileSync(join(this.folder, "main.tf.json"), JSON.stringify({ terraform, ...configuration }));
  }

  /** Runs the engine, without blocking the providers that live in this process. */
  run(...args: string[]): Promise<Run> {
    const env = {
      ...process.env,
      TF_REATTACH_PROVIDERS: this.reattach,
      CHECKPOINT_DISABLE: "1",
      TF_IN_AUTOMATION: "1",
    };
    return new Promise((resolve) => {
      execFile(
        this.engine.binary,
        [...args, "-no-color"],
        { cwd: this.folder, env },
        (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
      );
    });
  }

  /** Applies the configuration; the run must succeed. */
  async apply(): Promise<Run> {
    if (!existsSync(join(this.folder, ".terraform"))) await this.succeed("init");
    return this.succeed("apply", "-auto-approve");
  }

  /** Destroys everything; the run must succeed. */
  destroy(): Promise<Run> {
    return this.succeed("destroy", "-auto-approve");
  }

  /** The exit code of a plan: 0 without a difference, 2 with one, 1 when it failed. */
  async planned(): Promise<number> {
    return (await this.run("plan", "-detailed-exitcode")).code;
  }

  /** What the state holds of a resource or data source; undefined when it holds none. */
  attributes(type: string, name: string): Attributes | undefined {
    return this.instance(type, name)?.attributes;
  }

  /** "tainted", if the resource is. */
  status(type: string, name: string): string | undefined {
    return this.instance(type, name)?.status;
  }

  /** Path of a file in the folder. */
  path(name: string): string {
    return join(this.folder, name);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private instance(type: string, name: string): { attributes: Attributes; status?: string } | undefined {
    const state = JSON.parse(readFileSync(this.path("terraform.tfstate"), "utf8"));
    return state.resources.find((r: { type: string; name: string }) => r.type === type && r.name === name)
      ?.instances[0];
  }

  private async succeed(...args: string[]): Promise<Run> {
    const run = await this.run(...args);
    if (run.code !== 0) throw new Error(`${args.join(" ")} ended with ${run.code}:\n${run.output}`);
    return run;
  }
}
