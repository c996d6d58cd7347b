import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Sandbox, startSandbox } from "../../../sandbox/org";
import { findLeaks } from "../leaks";
import { type ProgramResult, runProgram } from "../program";
import type { Outcome } from "../store-rows";
import { VaultFixture } from "./fixture";
import type { AuthMethod } from "./vault-server";

/** One client of a sandbox org and one Vault: what a test of the store starts with. */
export class VaultRotation {
  readonly sandbox: Sandbox;
  readonly store: VaultFixture;
  readonly client: { readonly id: string; readonly secret: string };
  /** An empty folder, the home of the program. */
  readonly folder: string;
  /** Credentials besides the tokens, which no output may show. */
  readonly credentials: string[] = [];

  static async start(auth?: AuthMethod, uri?: string): Promise<VaultRotation> {
    return new VaultRotation(await startSandbox(), await VaultFixture.open(auth, uri));
  }

  private constructor(sandbox: Sandbox, store: VaultFixture) {
    this.sandbox = sandbox;
    this.store = store;
    this.client = sandbox.addClient({ name: "orders" });
    this.folder = mkdtempSync(join(tmpdir(), "genesys-secret-vault-"));
  }

  /** How many regenerate calls were made, whatever their answers. */
  get calls(): number {
    return this.sandbox.journal.filter(({ path }) => path.endsWith("/secret")).length;
  }

  /** What a run came to, for a row of the table of refused writes. */
  outcome({ code, stderr }: ProgramResult): Outcome {
    return { code, stderr, calls: this.calls };
  }

  /** Calls `listener` when the regenerate call has arrived, and before it acts. */
  onRegenerate(listener: () => void): void {
    this.sandbox.onRequest(({ path }) => {
      if (path.endsWith("/secret")) listener();
    });
  }

  regenerate(
    environment: Readonly<Record<string, string>> = {},
    uri = this.store.uri,
  ): Promise<ProgramResult> {
    return this.run(["regenerate", "--client-id", this.client.id, "--store", uri], environment);
  }

  /** Runs the program; a variable set to "" counts as absent. */
  async run(
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<ProgramResult> {
    const result = await runProgram(
      args,
      {
        HOME: this.folder,
        ...this.sandbox.environment,
        GENESYS_SECRET_RETRY_TIMEOUT: "5",
        GENESYS_SECRET_VERIFY_TIMEOUT: "1",
        ...this.store.environment,
        ...environment,
      },
      this.folder,
    );
    const secrets = [
      ...this.sandbox.everySecretEver().map(({ secret }) => secret),
      ...this.store.storeCredentials,
      ...this.credentials,
    ];
    expect(findLeaks(result.stdout + result.stderr, secrets)).toEqual([]);
    expect(result.stderr).not.toMatch(/^\s+at .*:\d+:\d+/m);
    return result;
  }

  /** Stored, read back and logging in. */
  expectStored(result: ProgramResult): void {
    expect({ code: result.code, stderr: result.stderr }).toMatchObject({ code: 0 });
    expect(this.sandbox.accepts(this.client.id, this.store.readSecret() ?? "")).toBe(true);
  }

  /** Refused before the call, for this reason. */
  expectRefused(result: ProgramResult, reason: string | RegExp, code = 6): void {
    expect({ code: result.code, stderr: result.stderr }).toEqual({
      code,
      stderr: typeof reason === "string" ? expect.stringContaining(reason) : expect.stringMatching(reason),
    });
    expect(this.calls).toBe(0);
  }

  async close(): Promise<void> {
    await this.store.close();
    await this.sandbox.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
