import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const FILLER = ".filler";
const SIZE = "96k";

/**
 * A file system of its own in a folder, small enough to fill up. Modes mean nothing to root, so that a folder becomes
 * read-only as a mount does: every later write into it is refused with EROFS.
 */
export class SmallDisk {
  static readonly #mounted = new Set<SmallDisk>();
  readonly #folder: string;
  #readOnly = false;

  /** Why there can be none here; undefined when there can. */
  static missing(): string | undefined {
    const folder = mkdtempSync(join(tmpdir(), "genesys-torture-disk-"));
    try {
      new SmallDisk(folder).unmount();
      return undefined;
    } catch (error) {
      return (error as Error).message;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** For a process that ends before its time. */
  static unmountAll(): void {
    for (const disk of SmallDisk.#mounted) disk.unmount();
  }

  /** @throws Error when file systems may not be mounted here */
  constructor(folder: string) {
    this.#folder = folder;
    run("mount", ["-t", "tmpfs", "-o", `size=${SIZE},mode=700`, "tmpfs", folder]);
    SmallDisk.#mounted.add(this);
  }

  /** Takes all the room that is left. */
  fill(): void {
    const file = openSync(join(this.#folder, FILLER), "a");
    for (const bytes of [4096, 512, 1]) {
      try {
        for (;;) writeSync(file, Buffer.alloc(bytes));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
      }
    }
    closeSync(file);
  }

  makeReadOnly(): void {
    if (this.#readOnly) return;
    // A mount on top, because one below which a file is open for writing cannot become read-only.
    run("mount", ["--bind", this.#folder, this.#folder]);
    run("mount", ["-o", "remount,ro,bind", this.#folder]);
    this.#readOnly = true;
  }

  makeWritable(): void {
    if (this.#readOnly) run("umount", ["-l", this.#folder]);
    this.#readOnly = false;
  }

  free(): void {
    rmSync(join(this.#folder, FILLER), { force: true });
  }

  unmount(): void {
    this.makeWritable();
    run("umount", ["-l", this.#folder]);
    SmallDisk.#mounted.delete(this);
  }
}

function run(program: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${program}: ${error?.message ?? stderr.trim()}`);
}
