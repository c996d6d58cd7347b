import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Sandbox, startSandbox } from "../../sandbox/org";
import type { HttpGate } from "./http-gate";
import { findLeaks } from "./leaks";
import type { AccessKey, Moto } from "./moto";
import { awsEnvironment } from "./moto-fixture";
import { MotoGate } from "./moto-gate";
import { type ProgramResult, runProgram } from "./program";
import type { Outcome } from "./store-rows";

const SECRET_CALL = /^\/api\/v2\/oauth\/clients\/[^/]+\/secret$/;

/** One client of a sandbox org, one account of moto, and the program between them. */
export class MotoRotation {
  readonly client: { id: string; secret: string };
  readonly sandbox: Sandbox;
  readonly folder: string;
  readonly moto: Moto;
  /** Notes the calls, and brings about faults. */
  readonly aws: MotoGate;
  readonly gate: HttpGate;
  readonly key: AccessKey;

  /** @param actions what the user may do, such as `ssm:*` */
  static async start(moto: Moto, actions: readonly string[]): Promise<MotoRotation> {
    await moto.reset();
    const key = await moto.createUser("rotator", actions);
    const { aws, gate } = await MotoGate.open(moto.origin);
    return new MotoRotation(moto, key, aws, gate, await startSandbox());
  }

  private constructor(moto: Moto, key: AccessKey, aws: MotoGate, gate: HttpGate, sandbox: Sandbox) {
    this.moto = moto;
    this.key = key;
    this.aws = aws;
    this.gate = gate;
    this.sandbox = sandbox;
    this.client = sandbox.addClient({ name: "orders" });
    this.folder = mkdtempSync(join(tmpdir(), "genesys-secret-aws-"));
  }

  async close(): Promise<void> {
    await this.gate.stop();
    await this.sandbox.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A document as an earlier run has written it. */
  document(secret: string, fields: Readonly<Record<string, unknown>> = {}): string {
    return JSON.stringify({
      client_id: this.client.id,
      client_secret: secret,
      region: "us-east-1",
      regenerated_at: "2026-01-01T00:00:00.000Z",
      rotation: "1",
      stores: [],
      ...fields,
    });
  }

  /** How many times a secret was regenerated. */
  get regenerations(): number {
    return this.sandbox.journal.filter(({ path }) => SECRET_CALL.test(path)).length;
  }

  /** Ended with 6 for this reason, before any call: the old secret still logs in. */
  expectNotReady({ code, stderr }: ProgramResult, message: string): void {
    expect({ code, stderr }).toMatchObject({ code: 6, stderr: expect.stringContaining(message) });
    expect(stderr).toContain("Secret:    not changed");
    expect(this.regenerations).toBe(0);
    expect(this.sandbox.accepts(this.client.id, this.client.secret)).toBe(true);
  }

  /** What a run came to so far. */
  outcome(result: ProgramResult): Outcome {
    return { ...result, calls: this.regenerations };
  }

  /** Does this once, when the regenerate call has arrived. */
  onRegenerate(work: () => Promise<unknown>): void {
    const forget = this.sandbox.onRequest(async ({ path }) => {
      if (!SECRET_CALL.test(path)) return;
      forget();
      await work();
    });
  }

  regenerate(store: string, ...args: string[]): Promise<ProgramResult> {
    return this.run(["regenerate", "--client-id", this.client.id, "--store", store, ...args]);
  }

  /** Runs the program with the user's keys, and checks that it told no secret. */
  run(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<ProgramResult> {
    return this.runBare(args, { ...awsEnvironment(this.gate.origin, this.key), ...environment });
  }

  /** The same, with nothing of AWS in its environment but what is given. */
  async runBare(
    args: readonly string[],
    environment: Readonly<Record<string, string>>,
  ): Promise<ProgramResult> {
    const result = await runProgram(
      args,
      {
        HOME: this.folder,
        ...this.sandbox.environment,
        GENESYS_SECRET_RETRY_TIMEOUT: "2",
        GENESYS_SECRET_VERIFY_TIMEOUT: "1",
        ...environment,
      },
      this.folder,
    );
    const secrets = [
      this.sandbox.admin.clientSecret,
      this.key.secret,
      ...this.sandbox.everySecretEver().map(({ secret }) => secret),
    ];
    expect(findLeaks(result.stdout + result.stderr, secrets)).toEqual([]);
    expect(result.stderr).not.toMatch(/^\s+at .*:\d+:\d+|\[object Object\]|undefined|Warning: Node/m);
    return result;
  }
}
