import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Engine } from "../../../../sandbox/engine";
import type { Sandbox } from "../../../../sandbox/org";
import { sweep } from "../../../../sandbox/sweep/sweep";
import { Deployment, type EngineResult, type RunningEngine } from "../../../helpers/deployment";
import { HttpGate } from "../../../helpers/http-gate";
import { type ProgramResult, runProgram } from "../../../helpers/program";
import { VaultServer } from "../../../helpers/vault/vault-server";
import { RECORDER, type RecorderSettings, recorderVariable } from "../recorded-program";

const APPLY = ["apply", "-auto-approve", "-input=false", "-no-color"];
const VAULT_PATH = "genesys/billing";

interface Attributes {
  readonly triggers?: Readonly<Record<string, string>>;
}

/** A client of the stack. */
export interface FleetClient {
  readonly name: string;
  readonly id: string;
  readonly storeUris: readonly string[];
  /** Whether its stores can be read. */
  readonly readable: boolean;
  /** The secret in each of its stores, looked up behind the program's back. */
  held(): readonly (string | undefined)[];
}

/** Three clients in one stack, each with stores of another kind, applied by a real engine. */
export class Fleet {
  readonly sandbox: Sandbox;
  readonly clients: readonly FleetClient[];
  readonly #deployment: Deployment;
  readonly #gate: HttpGate;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #outputs: string[] = [];
  /** The version that the stack asks for. */
  #rotation = 0;
  /** How many secrets there were when it was asked for. */
  #secretsBefore = 0;

  static async start(engine: Engine): Promise<Fleet> {
    const vault = new VaultServer();
    const mount = vault.mountKv2("secret/");
    const gate = await HttpGate.open(vault.listener);
    const { id: token } = vault.tokens.issue({
      rules: { [`secret/data/${VAULT_PATH}`]: ["create", "read", "update"] },
    });
    const environment = { VAULT_ADDR: gate.origin, VAULT_TOKEN: token };
    const deployment = await Deployment.start(engine);
    const { folder } = deployment.project;
    const [secrets, kept] = [join(folder, "secrets"), join(folder, "kept")];
    const keep = join(folder, "keep.cjs");
    writeFileSync(keep, keepingProgram(kept));
    await deployment.synthClients(stackOf([process.execPath, keep]));
    const fileUri = (name: string): string => `file:${join(secrets, name)}`;
    const command = `command:${JSON.stringify([process.execPath, keep])}`;
    const inFile = (name: string): string | undefined => {
      const path = join(secrets, name);
      return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).client_secret : undefined;
    };
    const inVault = (): string | undefined => mount.latest(VAULT_PATH)?.client_secret as string | undefined;
    const inKept = (): string | undefined => (existsSync(kept) ? readFileSync(kept, "utf8") : undefined);
    const stores: Readonly<Record<string, Pick<FleetClient, "storeUris" | "readable" | "held">>> = {
      orders: { storeUris: [fileUri("orders.json")], readable: true, held: () => [inFile("orders.json")] },
      billing: {
        storeUris: [`vault:secret/${VAULT_PATH}`, fileUri("billing.json")],
        readable: true,
        held: () => [inVault(), inFile("billing.json")],
      },
      shipping: { storeUris: [command], readable: false, held: () => [inKept()] },
    };
    const run = async (args: readonly string[]): Promise<string> => {
      const { code, output } = await deployment.engine(args, environment);
      if (code !== 0) throw new Error(`${args[0]} ended with ${code}\n${output}`);
      return output;
    };
    await run(["init", "-input=false", "-no-color"]);
    await run([...APPLY, rotationFlag(0)]);
    const clients = Object.entries(stores).map(([name, held]) => ({
      name,
      id: deployment.sandbox.clients().find((client) => client.name === name)?.id ?? "",
      ...held,
    }));
    return new Fleet(deployment, gate, environment, clients);
  }

  private constructor(
    deployment: Deployment,
    gate: HttpGate,
    environment: Readonly<Record<string, string>>,
    clients: readonly FleetClient[],
  ) {
    this.#deployment = deployment;
    this.#gate = gate;
    this.#environment = environment;
    this.sandbox = deployment.sandbox;
    this.clients = clients;
  }

  get folder(): string {
    return this.#deployment.project.folder;
  }

  /** Applies once more what was asked for last. */
  async apply(): Promise<EngineResult> {
    const result = await this.#deployment.engine([...APPLY, rotationFlag(this.#rotation)], this.#environment);
    this.#outputs.push(result.output);
    return result;
  }

  /** Starts to rotate all clients, each program under the recorder. @returns also the folder of its notes */
  startRotation(
    settings: Omit<RecorderSettings, "logs" | "folder">,
  ): RunningEngine & { readonly logs: string } {
    this.#rotation += 1;
    this.#secretsBefore = this.sandbox.everySecretEver().length;
    this.#deployment.recorder.clear();
    const logs = mkdtempSync(join(this.folder, "logs-"));
    const running = this.#deployment.startEngine([...APPLY, rotationFlag(this.#rotation)], {
      ...this.#environment,
      ...recorderVariable({ ...settings, logs, folder: this.folder }),
      PATH: this.#recordingPath(),
    });
    running.result.then(({ output }) => this.#outputs.push(output));
    return { ...running, logs };
  }

  /** Waits for programs that outlive the engine. */
  allEnded(): Promise<void> {
    return this.#deployment.recorder.allEnded();
  }

  /** Whether every store of a client holds a secret that logs in, one of the rotation that was asked for last. */
  isDone({ id, held }: FleetClient): boolean {
    const ofRotation = this.sandbox.everySecretEver().slice(this.#secretsBefore);
    return held().every(
      (secret) => this.sandbox.accepts(id, secret ?? "") && ofRotation.some((one) => one.secret === secret),
    );
  }

  /** Whether the engine's state says on the disk that this client's rotation, the one that was asked for last, is done. */
  isSaved({ id }: FleetClient): boolean {
    let state: { resources?: { type: string; instances: { status?: string; attributes: Attributes }[] }[] };
    try {
      state = JSON.parse(readFileSync(join(this.folder, "terraform.dev.tfstate"), "utf8"));
    } catch {
      // The engine is writing it.
      return false;
    }
    return (state.resources ?? [])
      .filter(({ type }) => type === "null_resource")
      .flatMap(({ instances }) => instances)
      .some(({ status, attributes: { triggers } }) => {
        const done = status === undefined && triggers?.rotation === `version:${this.#rotation}`;
        return done && triggers.client_id === id;
      });
  }

  async doctor({ id, storeUris }: FleetClient, ...flags: string[]): Promise<ProgramResult> {
    const stores = storeUris.flatMap((uri) => ["--store", uri]);
    const asked = ["--client-id", id, "--rotation", `version:${this.#rotation}`];
    const environment = {
      ...this.sandbox.environment,
      ...this.#environment,
      HOME: join(this.folder, "home"),
    };
    const result = await runProgram(["doctor", ...asked, ...stores, ...flags], environment);
    this.#outputs.push(result.stdout, result.stderr);
    return result;
  }

  /** Where a secret or a token stands that may be in the stores only. */
  leaks(): readonly string[] {
    const { sandbox, folder } = this;
    const secrets = [...sandbox.everySecretEver().map(({ secret }) => secret), ...sandbox.everyTokenEver()];
    const stores = ["secrets/orders.json", "secrets/billing.json", "kept"].flatMap((name) => {
      const path = join(folder, name);
      return [`${path}: `, `${path}.genesys-secret.tmp: `];
    });
    const { findings } = sweep({ folders: [folder], texts: { output: this.#outputs.join("\n") } }, secrets);
    return findings.filter((finding) => !stores.some((start) => finding.startsWith(start)));
  }

  async close(): Promise<void> {
    await this.#deployment.close();
    await this.#gate.stop();
  }

  /** A `node` that runs the program under the recorder; the deployment's own notes the process and becomes the real one. */
  #recordingPath(): string {
    const { path } = this.#deployment.recorder;
    const folder = join(this.folder, "recording-node");
    const [noting] = path.split(delimiter);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "node"), `#!/bin/sh\nexec '${noting}/node' '${RECORDER}' "$@"\n`);
    chmodSync(join(folder, "node"), 0o755);
    return folder + delimiter + path;
  }
}

function keepingProgram(file: string): string {
  return `let s="";process.stdin.on("data",(d)=>s+=d).on("end",()=>{if(s)require("node:fs").writeFileSync(${JSON.stringify(file)},s)})`;
}

function rotationFlag(version: number): string {
  return `-var=rotation=${version}`;
}

function stackOf(command: readonly string[]): string {
  const stores = {
    orders: `SecretStore.file("./secrets/orders.json")`,
    billing: `SecretStore.vault({ mount: "secret", path: "${VAULT_PATH}" }), SecretStore.file("./secrets/billing.json")`,
    shipping: `SecretStore.command(${JSON.stringify(command)})`,
  };
  const clients = Object.entries(stores).map(
    ([name, list]) =>
      `new SecureOAuthClient(stack, "${name}", { name: "${name}", rotation, stores: [${list}] });`,
  );
  return `
    const { TerraformVariable } = require(${JSON.stringify(require.resolve("cdktf"))});
    const rotation = Rotation.version(new TerraformVariable(stack, "rotation", { type: "string" }).stringValue);
    ${clients.join("\n")}`;
}
