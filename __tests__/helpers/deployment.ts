import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Project } from "../../sandbox/demo/project";
import type { Engine } from "../../sandbox/engine";
import { type Sandbox, startSandbox } from "../../sandbox/org";
import { type ChosenProviders, chooseProviders } from "../../sandbox/providers/choose";
import { NodeRecorder } from "./recorder";

export interface EngineResult {
  readonly code: number | null;
  readonly output: string;
}

export interface RunningEngine {
  readonly child: ChildProcess;
  readonly result: Promise<EngineResult>;
}

/** The shipped app, synthesized into a temporary project and applied by a real engine against a sandbox. */
export class Deployment {
  readonly sandbox: Sandbox;
  readonly project: Project;
  readonly recorder: NodeRecorder;
  /** Where the engine runs. @default - the stack's folder */
  engineFolder: string | undefined;
  readonly #engine: Engine;
  readonly #providers: ChosenProviders;

  private constructor(engine: Engine, sandbox: Sandbox, project: Project, providers: ChosenProviders) {
    this.#engine = engine;
    this.sandbox = sandbox;
    this.project = project;
    this.#providers = providers;
    this.recorder = new NodeRecorder(join(project.folder, "recorder"));
  }

  static async start(engine: Engine): Promise<Deployment> {
    const sandbox = await startSandbox();
    const project = new Project({ ...sandbox.environment });
    const providers = await chooseProviders(engine, project.environment(), {
      ...process.env,
      ...sandbox.environment,
    });
    return new Deployment(engine, sandbox, project, providers);
  }

  /** Synthesizes the app with this rotation version. */
  synth(rotation: string): Promise<void> {
    this.project.setRotation(rotation);
    const environment = { CDKTF_CONTEXT_JSON: JSON.stringify({ rotation }) };
    return this.synthMain(join(__dirname, "../../main.ts"), { environment });
  }

  /**
   * Synthesizes an app of one stack, "dev", in place of the shipped one.
   * @param clients the constructs, as TypeScript; `stack` and the constructs are at hand
   */
  synthClients(clients: string): Promise<void> {
    return this.synthMain(this.writeMain(clients));
  }

  /**
   * Writes the main file of such an app. @returns its path
   */
  writeMain(clients: string): string {
    const main = join(this.project.folder, "main.ts");
    const constructs = JSON.stringify(join(__dirname, "../../constructs"));
    writeFileSync(
      main,
      `import { App, LocalBackend, TerraformStack } from ${JSON.stringify(require.resolve("cdktf"))};
       import {
         Duration, GenesyscloudProvider, Rotation, SecretStore, SecureOAuthClient, TwinOAuthClient,
       } from ${constructs};
       const app = new App();
       const stack = new TerraformStack(app, "dev");
       new LocalBackend(stack, { path: "../../../terraform.dev.tfstate" });
       new GenesyscloudProvider(stack, "genesyscloud", { gateway: [{}] });
       ${clients}
       app.synth();`,
    );
    return main;
  }

  /**
   * Synthesizes an app in place of the shipped one, as a project that has it elsewhere does. It runs as `cdktf synth`
   * runs it, without that command, which takes longer than an apply: app/synth.slow.test.ts and the demo start it.
   * @param main path of its main file, TypeScript
   * @param options where it runs, in the project's folder if not said, and what is added to its environment
   */
  async synthMain(
    main: string,
    options: { cwd?: string; environment?: NodeJS.ProcessEnv } = {},
  ): Promise<void> {
    const loader = pathToFileURL(require.resolve("tsx")).href;
    const args = ["--import", loader, main];
    const { code, output } = await this.project.run(process.execPath, args, options);
    if (code !== 0) throw new Error(output);
  }

  /** Starts the engine in the stack's folder, as the leader of a process group, as a shell does. */
  startEngine(
    args: readonly string[],
    environment: NodeJS.ProcessEnv = {},
    wrapper: readonly string[] = [],
  ): RunningEngine {
    const [command, ...rest] = [...wrapper, this.#engine.binary, ...args];
    const child = spawn(command as string, rest, {
      cwd: this.engineFolder ?? this.project.stackFolder,
      env: this.project.environment({
        ...this.#providers.environment,
        PATH: this.recorder.path,
        ...environment,
      }),
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk) => {
        output += chunk;
      });
    }
    const result = new Promise<EngineResult>((resolve, reject) => {
      child.on("error", reject);
      child.on("exit", (code) => resolve({ code, output }));
    });
    return { child, result };
  }

  async engine(
    args: readonly string[],
    environment: NodeJS.ProcessEnv = {},
    wrapper: readonly string[] = [],
  ): Promise<EngineResult> {
    return this.startEngine(args, environment, wrapper).result;
  }

  init(): Promise<EngineResult> {
    return this.engine(["init", "-input=false", "-no-color"]);
  }

  apply(): Promise<EngineResult> {
    return this.engine(["apply", "-auto-approve", "-input=false", "-no-color"]);
  }

  /** How many regenerate calls the org has accepted. */
  regenerations(): number {
    return this.sandbox.journal.filter(
      ({ method, path, status }) => method === "POST" && /\/secret$/.test(path) && status === 200,
    ).length;
  }

  /** Whether what the store holds logs in. */
  storeIsLive(): boolean {
    const { client_id, client_secret } = this.project.storedDocument();
    return this.sandbox.accepts(client_id, client_secret);
  }

  async close(): Promise<void> {
    await this.recorder.allEnded();
    await this.#providers.close();
    await this.sandbox.close();
    this.project.remove();
  }
}
