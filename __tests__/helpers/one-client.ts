import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../sandbox/org";
import { findLeaks } from "./leaks";
import { type ProgramResult, type RunningProgram, runProgram, startBehind, startProgram } from "./program";
import type { Outcome } from "./store-rows";

type Variables = Readonly<Record<string, string>>;

/** The path of the irreversible call. */
export const SECRET_CALL = /^\/api\/v2\/oauth\/clients\/[^/]+\/secret$/;

/** Short limits, for a suite that waits for them to pass. */
export function limits(seconds: number): Record<string, string> {
  return {
    GENESYS_SECRET_RETRY_TIMEOUT: String(seconds),
    GENESYS_SECRET_VERIFY_TIMEOUT: String(seconds),
  };
}

/** What the suites of a store need besides. */
export interface OneClientSettings {
  /** The client's name, if it is not "orders". */
  readonly name?: string;
  /** What every run finds in its environment: limits, and the store's variables. Asked for each run. */
  environment?(): Variables;
  /** Credentials of the store: no run may print one. Asked for each run. */
  credentials?(): readonly string[];
}

/**
 * The client "orders" of a suite: for each test a new org that has it, and a new folder for its stores.
 * Registers the hooks of the `describe` that calls it.
 */
export function oneClient(settings: OneClientSettings = {}): OneClient {
  return inEachTest(new OneClient(settings));
}

/** Opens it before each test of the `describe` that calls this, and closes it after. */
export function inEachTest<T extends OneClient>(one: T): T {
  beforeEach(() => one.open());
  afterEach(() => one.close());
  return one;
}

export class OneClient {
  readonly #settings: OneClientSettings;
  #opened: { sandbox: Sandbox; folder: string; client: { id: string; secret: string } } | undefined;

  constructor(settings: OneClientSettings = {}) {
    this.#settings = settings;
  }

  async open(options: SandboxOptions = {}): Promise<void> {
    const sandbox = await startSandbox(options);
    const folder = mkdtempSync(join(tmpdir(), "genesys-secret-test-"));
    this.#opened = { sandbox, folder, client: sandbox.addClient({ name: this.#settings.name ?? "orders" }) };
  }

  async close(): Promise<void> {
    if (this.#opened === undefined) return;
    const { sandbox, folder } = this.#opened;
    this.#opened = undefined;
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  }

  /** The same in an org that is different. */
  async reopen(options: SandboxOptions): Promise<void> {
    await this.close();
    await this.open(options);
  }

  get #open() {
    if (this.#opened === undefined) throw new Error("the client is there while a test runs, not before");
    return this.#opened;
  }

  get sandbox(): Sandbox {
    return this.#open.sandbox;
  }

  get folder(): string {
    return this.#open.folder;
  }

  /** The client as it was when the test began. */
  get client(): Readonly<{ id: string; secret: string }> {
    return this.#open.client;
  }

  get id(): string {
    return this.client.id;
  }

  /** The secret that the client had when the test began. */
  get bornWith(): string {
    return this.client.secret;
  }

  /** Every secret and token that the org has ever given, and the store's credentials. */
  get secrets(): string[] {
    const { sandbox } = this;
    return [
      sandbox.admin.clientSecret,
      ...sandbox.everySecretEver().map(({ secret }) => secret),
      ...sandbox.everyTokenEver(),
      ...(this.#settings.credentials?.() ?? []),
    ];
  }

  /** The variables of every run. */
  get environment(): Record<string, string> {
    const { environment = () => limits(2) } = this.#settings;
    return { HOME: this.folder, ...this.sandbox.environment, ...environment() };
  }

  /** Runs the bundle to its end. What it prints holds no secret, unless that is what the user asked for. */
  async run(args: readonly string[], environment: Variables = {}): Promise<ProgramResult> {
    const result = await runProgram(args, { ...this.environment, ...environment }, this.folder);
    if (args[0] === "run") return result;
    const asked = args.some((argument) => /^(stdout|github-env):/.test(argument));
    expect(findLeaks(asked ? result.stderr : result.stdout + result.stderr, this.secrets)).toEqual([]);
    return result;
  }

  /** Starts the bundle, for a test that does something while it runs. */
  start(args: readonly string[], environment: Variables = {}): RunningProgram {
    return startProgram(args, { ...this.environment, ...environment }, this.folder);
  }

  /** Runs `regenerate` for the client. */
  regenerate(uri: string, environment: Variables = {}, ...args: readonly string[]): Promise<ProgramResult> {
    return this.run(["regenerate", "--client-id", this.id, "--store", uri, ...args], environment);
  }

  /** The same, started by another program: as another user, or with mounts of its own. */
  regenerateBehind(
    starter: readonly string[],
    uri: string,
    environment: Variables = {},
  ): Promise<ProgramResult> {
    const argv = ["regenerate", "--client-id", this.id, "--store", uri];
    return startBehind(starter, argv, { ...this.environment, ...environment }, this.folder).result;
  }

  /** Puts a new secret into files of the folder. */
  async storeIn(...names: string[]): Promise<void> {
    const argv = ["regenerate", "--client-id", this.id, "--rotation", "1", ...files(...names)];
    expect(await this.run(argv)).toMatchObject({ code: 0 });
  }

  /** The flags that name the client and the store "orders.json". */
  get target(): string[] {
    return ["--client-id", this.id, ...files("orders.json")];
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** Writes a file as a store keeps it: of the mode 0600. */
  put(name: string, text: string): void {
    writeFileSync(this.path(name), text, { mode: 0o600 });
  }

  document(name: string): Record<string, string> {
    return JSON.parse(readFileSync(this.path(name), "utf8"));
  }

  /** The secret in a store of the folder. */
  stored(name = "orders.json"): string {
    return this.document(name).client_secret ?? "";
  }

  /** Whether the client logs in with the secret. */
  accepts(secret: string | undefined): boolean {
    return secret !== undefined && this.sandbox.accepts(this.id, secret);
  }

  /** Whether a store of the folder holds the client with a secret that logs in. */
  storeIsValid(name = "orders.json"): boolean {
    return this.document(name).client_id === this.id && this.accepts(this.stored(name));
  }

  #secretCalls() {
    return this.sandbox.journal.filter(({ method, path }) => method === "POST" && SECRET_CALL.test(path));
  }

  /** How many calls to regenerate were made, whatever became of them. */
  attempted(): number {
    return this.#secretCalls().length;
  }

  /** How many of them took effect. */
  accepted(): number {
    return this.#secretCalls().filter(({ status }) => status === 200).length;
  }

  /** What a run came to, for a row of the table of refused writes. */
  outcome({ code, stderr }: ProgramResult): Outcome {
    return { code, stderr, calls: this.attempted() };
  }

  /** What every run keeps whose stores print nothing. */
  expectDiscreet(result: Pick<ProgramResult, "stdout" | "stderr">): void {
    expect(findLeaks(result.stdout + result.stderr, this.secrets)).toEqual([]);
    expect(result.stderr).not.toMatch(/authorization|\b(Basic|Bearer) [A-Za-z0-9]/i);
    expect(result.stderr).not.toMatch(/^\s+at .*:\d+:\d+/m);
    expect(result.stdout).toBe("");
  }

  /** Ended with 6 for a reason that it names, before any call. */
  expectNotReady({ code, stderr }: ProgramResult, ...words: string[]): void {
    expect({ code, stderr }).toMatchObject({ code: 6 });
    for (const word of words) expect(stderr).toContain(word);
    expect(this.attempted()).toBe(0);
  }
}

/** The flags of stores that are files beside each other. */
export function files(...names: string[]): string[] {
  return names.flatMap((name) => ["--store", `file:./${name}`]);
}
