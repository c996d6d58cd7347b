import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

/** A `node` that comes first on the PATH, notes the id of each process it becomes, and becomes the real one. */
export class NodeRecorder {
  readonly #folder: string;
  readonly #log: string;

  /** @param folder a folder for the recorder alone */
  constructor(folder: string) {
    this.#folder = folder;
    this.#log = join(folder, "pids");
    mkdirSync(folder, { recursive: true });
    const script = join(folder, "node");
    writeFileSync(script, `#!/bin/sh\necho $$ >> '${this.#log}'\nexec '${process.execPath}' "$@"\n`);
    chmodSync(script, 0o755);
  }

  /** The PATH with this recorder in front. */
  get path(): string {
    return this.#folder + delimiter + process.env.PATH;
  }

  /** Ids of the processes started since the last `clear`. */
  get pids(): number[] {
    return existsSync(this.#log) ? readFileSync(this.#log, "utf8").trim().split("\n").map(Number) : [];
  }

  clear(): void {
    rmSync(this.#log, { force: true });
  }

  /** Waits until every recorded process has ended: one may outlive the engine that started it. */
  async allEnded(): Promise<void> {
    while (this.pids.some(isAlive)) await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
