import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../sandbox/org";
import type { ManifestClient } from "../../scripts/core/manifest-format";
import { findLeaks } from "./leaks";
import { PROGRAM, type ProgramResult, type RunningProgram, startProgram } from "./program";

const SECRET_CALL = /^\/api\/v2\/oauth\/clients\/[^/]+\/secret$/;

/** A fleet of a test: a sandbox, a manifest in a folder of its own, and a store file for each client beside it. */
export class Fleet {
  static async start(options: SandboxOptions = {}): Promise<Fleet> {
    return new Fleet(await startSandbox(options), mkdtempSync(join(tmpdir(), "genesys-secret-test-")));
  }

  readonly manifest: string;

  private constructor(
    readonly sandbox: Sandbox,
    readonly folder: string,
  ) {
    this.manifest = join(folder, "stack", "genesys-secret.manifest.json");
    mkdirSync(join(folder, "stack"));
    mkdirSync(join(folder, "elsewhere"));
  }

  async end(): Promise<void> {
    await this.sandbox.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Adds clients to the org, and gives their entries. */
  clients(count: number): { ids: string[]; entries: ManifestClient[] } {
    const names = Array.from({ length: count }, (_, index) => `service-${index}`);
    const ids = names.map((name) => this.sandbox.addClient({ name }).id);
    return { ids, entries: names.map((name) => entry(name)) };
  }

  /** Writes a manifest. @returns its path */
  write(clients: readonly object[], path = this.manifest): string {
    writeFileSync(path, JSON.stringify({ version: 1, clients }));
    return path;
  }

  /** Starts `rotate` in another folder than the manifest's. */
  start(args: readonly string[] = [], environment: Record<string, string> = {}): RunningProgram {
    const limits = { GENESYS_SECRET_RETRY_TIMEOUT: "5", GENESYS_SECRET_VERIFY_TIMEOUT: "5" };
    return startProgram(
      ["rotate", "--manifest", this.manifest, ...args],
      { ...this.sandbox.environment, ...limits, ...environment },
      join(this.folder, "elsewhere"),
    );
  }

  async rotate(
    args: readonly string[] = [],
    environment: Record<string, string> = {},
  ): Promise<ProgramResult> {
    const result = await this.start(args, environment).result;
    this.expectDiscreet(result);
    return result;
  }

  /** The same where no file may grow beyond so many kilobytes: a write that would is refused, as on a full disk. */
  async rotateInKilobytes(most: number, args: readonly string[] = []): Promise<ProgramResult> {
    const preload = join(this.folder, "no-signal.cjs");
    // Node.js gives the signal back its default, which is to end the process.
    writeFileSync(preload, 'process.on("SIGXFSZ", () => {});');
    const program = PROGRAM.replace(/\.cjs$/, ".mjs");
    const argv = ["--require", preload, program, "rotate", "--manifest", this.manifest, ...args];
    const words = ["-c", `ulimit -f ${most}; exec "$@"`, "bash", process.execPath, ...argv];
    const env = { PATH: process.env.PATH, ...this.sandbox.environment };
    const result = await new Promise<ProgramResult>((resolve) => {
      execFile("bash", words, { cwd: this.folder, env }, (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code) : 0, signal: null, stdout, stderr }),
      );
    });
    this.expectDiscreet(result);
    return result;
  }

  /** What a store file beside the manifest holds. */
  stored(name: string): { client_id: string; client_secret: string; rotation: string; stores: string[] } {
    return JSON.parse(readFileSync(join(this.folder, "stack", `${name}.json`), "utf8"));
  }

  /** Whether the client's store holds a secret that logs in. */
  isLive(id: string, name: string): boolean {
    const { client_id, client_secret } = this.stored(name);
    return client_id === id && this.sandbox.accepts(id, client_secret);
  }

  /** How often the client's secret was replaced. */
  rotations(id: string): number {
    return this.sandbox.everySecretEver().filter(({ clientId }) => clientId === id).length - 1;
  }

  /** Requests that count against the admin's limit. */
  counted(): { method: string; path: string }[] {
    return this.sandbox.journal
      .filter(({ clientId, path }) => clientId === this.sandbox.admin.clientId && path.startsWith("/api/"))
      .map(({ method, path }) => ({ method, path }));
  }

  /** Nothing that opens a door is in the output, nor in a file beside the stores. */
  expectDiscreet({ stdout, stderr }: Pick<ProgramResult, "stdout" | "stderr">, ...files: string[]): void {
    const secrets = [
      this.sandbox.admin.clientSecret,
      ...this.sandbox.everySecretEver().map(({ secret }) => secret),
      ...this.sandbox.everyTokenEver(),
    ];
    expect(findLeaks([stdout, stderr, ...files].join("\n"), secrets)).toEqual([]);
    expect(stderr).not.toMatch(/^\s+at .*:\d+:\d+/m);
  }
}

/** The entry of a client whose store is a file beside the manifest. */
export function entry(name: string, more: Partial<ManifestClient> = {}): ManifestClient {
  return { name, stores: [`file:./${name}.json`], rotation: "version:1", ...more };
}

export const isSecretCall = ({ method, path }: { method: string; path: string }): boolean =>
  method === "POST" && SECRET_CALL.test(path);

/** The rows of what `rotate --json` prints. */
export function rowsOf(
  stdout: string,
): { name: string; outcome: string; error: { code: string; exit: number } | null }[] {
  return JSON.parse(stdout).clients;
}
