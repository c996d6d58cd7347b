import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { type Sandbox, startSandbox } from "../../../sandbox/org";
import { sweep } from "../../../sandbox/sweep/sweep";
import { type ProgramResult, runProgram } from "../../helpers/program";
import { type Place, type RecordedRun, runRecorded } from "./recorded-program";
import type { Trouble } from "./stores";
import type { StoreKind, TestedStore } from "./stores/tested-store";

/** What the `file:` store's sibling is called while it is replaced. */
const SIBLING = ".genesys-secret.tmp";

/** Whether what the stores hold logs in. */
export type Life = "empty" | "alive" | "dead";

/** A Genesys Cloud org with one client, its stores, and the folders of the program: everything for one trial. */
export class World {
  readonly sandbox: Sandbox;
  readonly #stores: readonly TestedStore[];
  readonly #root: string;
  readonly #client: { readonly id: string; readonly secret: string };
  #seeded = false;
  /** Seconds. */
  #retryTimeout = 20;
  readonly #outputs: { readonly stdout: string; readonly stderr: string }[] = [];

  static async open(kinds: readonly StoreKind[]): Promise<World> {
    const root = realpathSync(mkdtempSync(join(tmpdir(), "genesys-secret-kill-")));
    for (const name of ["work", "home", "tmp", "tools", "logs"]) mkdirSync(join(root, name));
    const sandbox = await startSandbox();
    const ground = { sandbox, folder: join(root, "work"), tools: join(root, "tools") };
    const stores: TestedStore[] = [];
    for (const kind of kinds) stores.push(await kind.open(ground));
    return new World(root, sandbox, stores);
  }

  private constructor(root: string, sandbox: Sandbox, stores: readonly TestedStore[]) {
    this.#root = root;
    this.sandbox = sandbox;
    this.#stores = stores;
    this.#client = sandbox.addClient({ name: "orders" });
  }

  /** Runs the bundle as it is shipped. */
  async run(rotation: string): Promise<ProgramResult> {
    const result = await runProgram(this.#args(rotation), this.#environment, this.#folder("work"));
    this.#outputs.push(result);
    return result;
  }

  /**
   * Runs it under the recorder.
   * @param kill where it ends itself
   * @param by a command that runs it, such as strace
   */
  async record(rotation: string, kill?: Place, by?: readonly string[]): Promise<RecordedRun> {
    const logs = mkdtempSync(join(this.#folder("logs"), "run-"));
    const run = await runRecorded({
      args: this.#args(rotation),
      environment: this.#environment,
      settings: { logs, folder: this.#folder("work"), kill },
      by,
    });
    this.#outputs.push(run.result);
    return run;
  }

  /** The program's working folder. */
  get folder(): string {
    return this.#folder("work");
  }

  /** How many secrets the client was given since it was made. */
  get regenerations(): number {
    return this.sandbox.everySecretEver().filter(({ clientId }) => clientId === this.#client.id).length - 1;
  }

  /** Puts something of others into the stores, or beside them, where that is possible. */
  async seedOthers(): Promise<void> {
    for (const store of this.#stores) await store.seedOthers?.();
    this.#seeded = true;
  }

  /** What of it is not as it was, a line for each store. */
  async othersLost(): Promise<readonly string[]> {
    const kept = this.#stores.map((store) => !this.#seeded || (store.keepsOthers?.() ?? true));
    return (await Promise.all(kept)).flatMap((isKept, index) =>
      isKept ? [] : [`what others have in ${this.#stores[index]?.uri} is lost`],
    );
  }

  /** @returns what ends it */
  begin(trouble: Trouble): () => void {
    const { sandbox } = this;
    if (trouble === "logins denied") {
      sandbox.allow({ addresses: [], except: [sandbox.admin.clientId] });
      return () => sandbox.allowAll();
    }
    // What is refused for good need not be waited for.
    this.#retryTimeout = 1;
    const ends = this.#stores.map(({ uri, refuseWrites }) => {
      if (!refuseWrites) throw new Error(`${uri}: no write can be refused there`);
      return refuseWrites();
    });
    return () => {
      this.#retryTimeout = 20;
      for (const end of ends) end();
    };
  }

  /** In the next run, the login that follows the admin's own takes so many milliseconds. */
  slowDown(delayMs: number): void {
    this.sandbox.fault({ path: "/oauth/token", skip: 1, delayMs });
  }

  /** Logs in with what each store holds. @throws Error when what one holds is damaged */
  async life(): Promise<Life> {
    const held = await Promise.all(this.#stores.map((store) => store.held()));
    if (held.every((secret) => secret === undefined)) return "empty";
    const accepted = held.every((secret) => secret && this.sandbox.accepts(this.#client.id, secret));
    return accepted ? "alive" : "dead";
  }

  /** What is on the disk and on the servers that no healthy run leaves there. */
  async leftovers(): Promise<readonly string[]> {
    const onServers = await Promise.all(this.#stores.map((store) => store.leftovers?.() ?? []));
    const ours = this.#storeFiles.flatMap((path) => [path, dirname(path)]);
    const onDisk = ["work", "home", "tmp"]
      .map((name) => this.#folder(name))
      .flatMap((folder) => readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name))))
      .filter((path) => !ours.includes(path));
    return [...onServers.flat(), ...onDisk.map((path) => relative(this.#root, path))];
  }

  /**
   * Where a secret or a token stands that may be in the stores only: in files, the outputs of all runs so far.
   * @param killed whether a run has just been killed, which may leave the sibling of a stored file
   */
  leaks(killed: boolean): readonly string[] {
    const secrets = [
      ...this.sandbox.everySecretEver().map(({ secret }) => secret),
      ...this.sandbox.everyTokenEver(),
    ];
    const siblings = killed ? this.#storeFiles.map((path) => path + SIBLING) : [];
    const open = this.#storeFiles.filter(
      (path) => othersWhoMayRead(path + SIBLING) & ~othersWhoMayRead(path),
    );
    const allowed = [...this.#storeFiles, ...siblings].map((path) => `${path}: `);
    const inFiles = sweep({ folders: [this.#root] }, secrets).findings.filter(
      (finding) => !allowed.some((start) => finding.startsWith(start)),
    );
    const stdout = this.#stores.some((store) => store.speaks)
      ? []
      : this.#outputs.map((output) => output.stdout);
    const texts = { stdout: stdout.join("\n"), stderr: this.#outputs.map(({ stderr }) => stderr).join("\n") };
    const everything = [...secrets, ...this.#stores.flatMap(({ credentials }) => credentials)];
    const inOutputs = sweep({ texts }, everything).findings;
    return [...inFiles, ...inOutputs, ...open.map((path) => `${path}${SIBLING} can be read by others`)];
  }

  async close(): Promise<void> {
    for (const store of this.#stores) await store.close();
    await this.sandbox.close();
    rmSync(this.#root, { recursive: true, force: true });
  }

  #folder(name: string): string {
    return join(this.#root, name);
  }

  get #storeFiles(): readonly string[] {
    return this.#stores.flatMap(({ files = [] }) => files.map((name) => join(this.#folder("work"), name)));
  }

  #args(rotation: string): readonly string[] {
    const stores = this.#stores.flatMap(({ uri }) => ["--store", uri]);
    return ["regenerate", "--client-id", this.#client.id, "--rotation", rotation, ...stores];
  }

  get #environment(): Record<string, string> {
    return {
      PATH: process.env.PATH ?? "",
      HOME: this.#folder("home"),
      TMPDIR: this.#folder("tmp"),
      ...this.sandbox.environment,
      GENESYS_SECRET_RETRY_TIMEOUT: String(this.#retryTimeout),
      GENESYS_SECRET_VERIFY_TIMEOUT: "10",
      ...Object.assign({}, ...this.#stores.map(({ environment }) => environment)),
    };
  }
}

/** The permission bits of all but the owner; none for what is not there. */
function othersWhoMayRead(path: string): number {
  return (statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o077;
}
