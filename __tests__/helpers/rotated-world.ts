import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Sandbox, startSandbox } from "../../sandbox/org";
import { HttpGate } from "./http-gate";
import { findLeaks } from "./leaks";
import { type ProgramResult, type RunningProgram, startProgram } from "./program";
import { VaultFixture } from "./vault/fixture";

export interface Held {
  readonly client_id: string;
  readonly client_secret: string;
}

/** Where a run is killed: what has just happened, or is about to. */
export const KILL_POINTS = [
  "the client is looked up",
  "the regenerate call arrives",
  "its answer has left",
  "the new secret logs in",
  "only the file has the new secret",
  "the stored secret logs in",
  "the tokens are revoked",
] as const;

export type KillPoint = (typeof KILL_POINTS)[number];

const SECRET_CALL = /\/oauth\/clients\/[^/]+\/secret$/;

/** An org, a client or a pair of twins, two stores that show which one is in use, and the bundle that rotates. */
export class RotatedWorld {
  readonly sandbox: Sandbox;
  readonly ids: readonly string[];
  readonly #vault: VaultFixture;
  readonly #folder = mkdtempSync(join(tmpdir(), "genesys-secret-twins-"));
  readonly #agent = new Agent({ keepAlive: true });
  /** The way to the vault, where a write can be made to wait. */
  #gate: HttpGate | undefined;
  /** Waits before each write; whether the write is to be lost. */
  #holdWrites: (() => Promise<boolean>) | undefined;

  /**
   * The login service takes a new secret only after a moment, as it may in a real org.
   * @param names one name a client
   */
  static async start(...names: string[]): Promise<RotatedWorld> {
    const world = new RotatedWorld(await startSandbox({ loginLagMs: 150 }), await VaultFixture.open(), names);
    const { listener } = world.#vault.vault;
    world.#gate = await HttpGate.open(async (call, answer) => {
      const lost = call.method !== "GET" && call.url?.includes("/data/") && (await world.#holdWrites?.());
      if (lost) answer.destroy();
      else listener(call, answer);
    });
    return world;
  }

  private constructor(sandbox: Sandbox, vault: VaultFixture, names: readonly string[]) {
    this.sandbox = sandbox;
    this.#vault = vault;
    this.ids = names.map((name) => sandbox.addClient({ name }).id);
  }

  /** What the stores show: the file's, then the vault's. */
  read(store: 0 | 1): Held {
    if (store === 0) return JSON.parse(readFileSync(this.#file, "utf8"));
    return this.#vault.mount.latest("genesys/orders") as unknown as Held;
  }

  /** Logs in as whoever holds this does; over the wire. */
  logsIn({ client_id, client_secret }: Held): Promise<boolean> {
    const { host, port } = this.sandbox;
    const options = { host, port, method: "POST", path: "/oauth/token", agent: this.#agent };
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    return new Promise((resolve, reject) => {
      const call = request({ ...options, headers, auth: `${client_id}:${client_secret}` }, (answer) => {
        answer.resume().on("end", () => resolve(answer.statusCode === 200));
      });
      call.on("error", reject).end("grant_type=client_credentials");
    });
  }

  /** Runs `regenerate` to its end; nothing that it prints may be a secret. */
  async rotate(rotation: string, args: readonly string[] = []): Promise<ProgramResult> {
    const result = await this.#start(rotation, args).result;
    const secrets = [
      ...this.sandbox.everySecretEver().map(({ secret }) => secret),
      ...this.sandbox.everyTokenEver(),
      ...this.#vault.storeCredentials,
    ];
    expect(findLeaks(result.stdout + result.stderr, secrets)).toEqual([]);
    return result;
  }

  /**
   * Kills a run with SIGKILL at that point.
   * @returns false when it never came there, because what a killed run had begun needed no new secret; it is done then
   */
  async killRotation(rotation: string, point: KillPoint): Promise<boolean> {
    let run: RunningProgram | undefined;
    let regenerated = false;
    let atPoint = false;
    const kill = async (): Promise<void> => {
      atPoint = true;
      run?.child.kill("SIGKILL");
      await run?.result;
    };
    const before = this.read(0).client_secret;
    const listeners = [
      this.sandbox.onRequest(async ({ method, path, clientId }) => {
        if (point === "the client is looked up" && path.endsWith(this.ids[0] as string)) await kill();
        if (point === "the regenerate call arrives" && SECRET_CALL.test(path)) await kill();
        const login = path === "/oauth/token" && this.ids.includes(clientId as string);
        if (point === "the new secret logs in" && regenerated && login) await kill();
        const stored = this.read(0).client_secret !== before;
        if (point === "the stored secret logs in" && stored && login) await kill();
        if (point === "the tokens are revoked" && regenerated && method === "DELETE") await kill();
      }),
      this.sandbox.onAnswer(async ({ path }) => {
        if (!SECRET_CALL.test(path)) return;
        regenerated = true;
        if (point === "its answer has left") await kill();
      }),
    ];
    if (point === "only the file has the new secret") {
      this.#holdWrites = async () => {
        if (!regenerated) return false;
        while (this.read(0).client_secret === before) await new Promise((resolve) => setTimeout(resolve, 5));
        await kill();
        return true;
      };
    }
    run = this.#start(rotation, []);
    const { code, signal } = await run.result;
    for (const stop of listeners) stop();
    this.#holdWrites = undefined;
    expect({ code, signal }).toEqual(atPoint ? { code: null, signal: "SIGKILL" } : { code: 0, signal: null });
    if (!atPoint) return false;
    // Time passes until somebody runs it again: the lock that it left is stale by then.
    if (existsSync(`${this.#file}.lock`)) utimesSync(`${this.#file}.lock`, 0, 0);
    return true;
  }

  async close(): Promise<void> {
    this.#agent.destroy();
    await this.#gate?.stop();
    await this.#vault.close();
    await this.sandbox.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #file(): string {
    return join(this.#folder, "orders.json");
  }

  #start(rotation: string, args: readonly string[]): RunningProgram {
    const [id, twin] = this.ids;
    const who = ["--client-id", id as string, ...(twin ? ["--twin-id", twin] : [])];
    const stores = ["--store", "file:./orders.json", "--store", this.#vault.uri];
    return startProgram(
      ["regenerate", ...who, ...stores, "--rotation", rotation, ...args],
      { ...this.sandbox.environment, ...this.#vault.environment, VAULT_ADDR: this.#gate?.origin ?? "" },
      this.#folder,
    );
  }
}
