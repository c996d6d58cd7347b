import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Sandbox, startSandbox } from "../../../sandbox/org";
import { findLeaks } from "../../helpers/leaks";

/** One client, one folder and one org for one run that is going to be disturbed. */
export class RunUnderTest {
  readonly folder = mkdtempSync(join(tmpdir(), "genesys-secret-interrupts-"));
  readonly sandbox: Sandbox;
  readonly id: string;
  readonly bornWith: string;

  static async start(): Promise<RunUnderTest> {
    return new RunUnderTest(await startSandbox());
  }

  private constructor(sandbox: Sandbox) {
    this.sandbox = sandbox;
    ({ id: this.id, secret: this.bornWith } = sandbox.addClient({ name: "orders" }));
  }

  get args(): string[] {
    return ["regenerate", "--client-id", this.id, "--store", "file:./orders.json"];
  }

  get environment(): Record<string, string> {
    return {
      ...this.sandbox.environment,
      GENESYS_SECRET_RETRY_TIMEOUT: "5",
      GENESYS_SECRET_VERIFY_TIMEOUT: "5",
    };
  }

  /** Whether this request is the irreversible one. */
  static isCall({ method, path }: { method: string; path: string }): boolean {
    return method === "POST" && path.endsWith("/secret");
  }

  /** How many regenerate calls the org has accepted. */
  get regenerations(): number {
    return this.sandbox.journal.filter((entry) => RunUnderTest.isCall(entry) && entry.status === 200).length;
  }

  get storeIsLive(): boolean {
    const { client_id, client_secret } = JSON.parse(readFileSync(join(this.folder, "orders.json"), "utf8"));
    return client_id === this.id && this.sandbox.accepts(client_id, client_secret);
  }

  /** Nothing happened: the old secret lives, and no file, no half of one and no lock is left. */
  expectUntouched(): void {
    expect(this.regenerations).toBe(0);
    expect(this.sandbox.accepts(this.id, this.bornWith)).toBe(true);
    expect(readdirSync(this.folder)).toEqual([]);
  }

  /** It happened, once and wholly. */
  expectFinished(): void {
    expect(this.regenerations).toBe(1);
    expect(this.storeIsLive).toBe(true);
    expect(readdirSync(this.folder)).toEqual(["orders.json"]);
  }

  expectDiscreet(output: string): void {
    const secrets = [
      this.sandbox.admin.clientSecret,
      ...this.sandbox.everySecretEver().map(({ secret }) => secret),
      ...this.sandbox.everyTokenEver(),
    ];
    expect(findLeaks(output, secrets)).toEqual([]);
    expect(output).not.toMatch(/^\s+at .*:\d+:\d+/m);
  }

  async close(): Promise<void> {
    await this.sandbox.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
