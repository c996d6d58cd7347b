import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Sandbox, startSandbox } from "../../../sandbox/org";
import { MANIFEST_FILE } from "../../../scripts/core/manifest-format";

export const PROGRAM = join(__dirname, "../../../dist/program/genesys-secret.cjs");
/** GNU time: the only one to tell what a child held in memory. */
export const TIME = "/usr/bin/time";
/** Requests to the API that Genesys Cloud lets a client make in a minute. */
export const PER_MINUTE = 300;

/** An org of many clients, and the manifest of a fleet of them. */
export interface Fleet {
  readonly folder: string;
  readonly manifest: string;
  readonly sandbox: Sandbox;
  readonly ids: readonly string[];
}

/** @param minuteMs how long the org's minute lasts */
export async function withFleet<T>(
  clients: number,
  minuteMs: number,
  work: (fleet: Fleet) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "genesys-secret-fleet-"));
  const sandbox = await startSandbox({ apiLimitPerMinute: PER_MINUTE, minuteMs });
  try {
    const names = Array.from({ length: clients }, (_, index) => `service-${String(index).padStart(4, "0")}`);
    const ids = names.map((name) => sandbox.addClient({ name }).id);
    const manifest = join(folder, MANIFEST_FILE);
    mkdirSync(join(folder, "secrets"));
    const entries = names.map((name) => ({
      name,
      stores: [`file:./secrets/${name}.json`],
      rotation: "version:1",
    }));
    writeFileSync(manifest, JSON.stringify({ version: 1, clients: entries }));
    return await work({ folder, manifest, sandbox, ids });
  } finally {
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

export interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<{ code: number | null; seconds: number; megabytes: number; stderr: string }>;
}

/** Starts the program. @param measured whether under GNU time; its process, not the program's, is the child then */
export function rotate({ manifest, sandbox, folder }: Fleet, measured: boolean): Run {
  const argv = [process.execPath, PROGRAM, "rotate", "--manifest", manifest, "--json"];
  const [program, ...args] = measured ? [TIME, "-f", "%M", ...argv] : argv;
  const startedAt = performance.now();
  const child = spawn(program as string, args, {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...sandbox.environment },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr?.on("data", (chunk) => {
    stderr = (stderr + chunk).slice(-4_000);
  });
  const ended = new Promise<Awaited<Run["ended"]>>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      const kilobytes = Number(stderr.trim().split("\n").at(-1));
      resolve({ code, seconds: (performance.now() - startedAt) / 1000, megabytes: kilobytes / 1024, stderr });
    });
  });
  return { child, ended };
}

export interface Outcome {
  /** Clients whose store holds a secret that logs in. */
  readonly verified: number;
  /** How often each client's secret was replaced. */
  readonly rotations: ReadonlyMap<string, number>;
  /** Requests counted against the admin's limit. */
  readonly requests: number;
  readonly refused: number;
}

export function outcomeOf({ folder, sandbox, ids }: Fleet): Outcome {
  const rotations = new Map<string, number>();
  for (const { clientId } of sandbox.everySecretEver())
    rotations.set(clientId, (rotations.get(clientId) ?? -1) + 1);
  const verified = ids.filter((id, index) => {
    const store = join(folder, "secrets", `service-${String(index).padStart(4, "0")}.json`);
    if (!existsSync(store)) return false;
    const { client_id, client_secret } = JSON.parse(readFileSync(store, "utf8"));
    return client_id === id && sandbox.accepts(id, client_secret);
  });
  const counted = sandbox.journal.filter(
    ({ clientId, path }) => clientId === sandbox.admin.clientId && path.startsWith("/api/"),
  );
  return {
    verified: verified.length,
    rotations,
    requests: counted.length,
    refused: counted.filter(({ status }) => status === 429).length,
  };
}
