import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Sandbox, startSandbox } from "../../sandbox/org";
import { findLeaks } from "./leaks";
import { type ProgramResult, runProgram } from "./program";

/** The client "orders" of a test: a sandbox that has it, and a folder for its stores. */
export class OneClient {
  static async start(): Promise<OneClient> {
    return new OneClient(await startSandbox(), mkdtempSync(join(tmpdir(), "genesys-secret-test-")));
  }

  readonly id: string;

  private constructor(
    readonly sandbox: Sandbox,
    readonly folder: string,
  ) {
    this.id = sandbox.addClient({ name: "orders" }).id;
  }

  async end(): Promise<void> {
    await this.sandbox.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Every secret and token that the org has ever given. */
  get secrets(): string[] {
    const { sandbox } = this;
    return [...sandbox.everySecretEver().map(({ secret }) => secret), ...sandbox.everyTokenEver()];
  }

  /** Runs the bundle to its end; what it prints holds no secret, unless it is a command of the user's that prints. */
  async program(args: string[], environment: Record<string, string> = {}): Promise<ProgramResult> {
    const limits = { GENESYS_SECRET_RETRY_TIMEOUT: "2", GENESYS_SECRET_VERIFY_TIMEOUT: "2" };
    const all = { ...this.sandbox.environment, ...limits, ...environment };
    const result = await runProgram(args, all, this.folder);
    if (args[0] !== "run") expect(findLeaks(result.stdout + result.stderr, this.secrets)).toEqual([]);
    return result;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  document(name: string): Record<string, string> {
    return JSON.parse(readFileSync(this.path(name), "utf8"));
  }

  /** How many secrets were replaced. */
  regenerations(): number {
    return this.sandbox.journal.filter(
      ({ method, path, status }) => method === "POST" && /\/secret$/.test(path) && status === 200,
    ).length;
  }

  /** Puts a new secret into files. */
  async regenerate(...names: string[]): Promise<void> {
    const argv = ["regenerate", "--client-id", this.id, "--rotation", "1", ...files(...names)];
    expect(await this.program(argv)).toMatchObject({ code: 0 });
  }
}

/** The flags of stores that are files beside each other. */
export function files(...names: string[]): string[] {
  return names.flatMap((name) => ["--store", `file:./${name}`]);
}
