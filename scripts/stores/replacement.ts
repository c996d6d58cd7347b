import { type FileHandle, open, rename, rm, unlink } from "node:fs/promises";
import { dirname } from "node:path";

const PRIVATE_FILE = 0o600;

/** How a replacement is put in place. */
export interface Commit {
  /** When it was last read and changed. @default - now */
  readonly times?: { readonly atime: Date; readonly mtime: Date };
  /** Done just before the rename; when it throws, nothing is replaced. @default - nothing */
  readonly justBefore?: () => Promise<void>;
}

/** A file's next content, private and beside it until it is whole; a rename puts it in place, so that nobody has half of it. */
export class Replacement {
  readonly #path: string;
  readonly #file: FileHandle;
  /** Open from the start: what cannot be synced must not be found out after the rename. Windows has no such call and needs none. */
  readonly #folder: FileHandle | undefined;

  /** A fixed name: what a killed run left is removed by the next one. */
  static async open(path: string): Promise<Replacement> {
    for (const left of [siblingOf(path), scratchOf(path)]) await removeLeft(left);
    const folder = process.platform === "win32" ? undefined : await open(dirname(path), "r");
    try {
      return new Replacement(path, await open(siblingOf(path), "wx", PRIVATE_FILE), folder);
    } catch (error) {
      await folder?.close();
      throw error;
    }
  }

  private constructor(path: string, file: FileHandle, folder: FileHandle | undefined) {
    this.#path = path;
    this.#file = file;
    this.#folder = folder;
  }

  /** Where it is until then. */
  get sibling(): string {
    return siblingOf(this.#path);
  }

  get file(): FileHandle {
    return this.#file;
  }

  /** Takes the disk space now: a full disk must show before the old secret is invalid. */
  async reserve(bytes: number): Promise<void> {
    await writeWhole(this.#file, Buffer.alloc(bytes));
    await this.#file.sync();
  }

  /**
   * Puts the new content in place of the file; after it returns, a power cut loses nothing.
   * @param write writes all of it from the file's start; what it writes is not seen here
   */
  async commit(
    write: (file: FileHandle) => Promise<{ readonly bytesWritten: number }>,
    { times, justBefore }: Commit = {},
  ): Promise<void> {
    const { bytesWritten } = await write(this.#file);
    await this.#file.truncate(bytesWritten);
    if (times) await this.#file.utimes(times.atime, times.mtime);
    await this.#file.sync();
    await justBefore?.();
    // Open until it is in place, so that `drop` can empty it; Windows renames no open file.
    if (process.platform === "win32") await this.#file.close();
    await rename(this.sibling, this.#path);
    await this.#file.close();
    await this.#folder?.sync();
    await this.#folder?.close();
  }

  /** Does all that `commit` does to the folder, where there is no file yet and none may come to be. */
  async rehearse(): Promise<void> {
    const scratch = scratchOf(this.#path);
    await rename(this.sibling, scratch);
    await rename(scratch, this.sibling);
    await this.#folder?.sync();
  }

  /** Removes what was not put in place; never throws. From a folder that is read-only by now only its content goes. */
  async drop(): Promise<void> {
    await this.#file.truncate(0).catch(() => {});
    await this.#file.close().catch(() => {});
    await this.#folder?.close().catch(() => {});
    await rm(this.sibling, { force: true }).catch(() => {});
    await rm(scratchOf(this.#path), { force: true }).catch(() => {});
  }
}

/**
 * Writes all of it, or fails: where room is short, or a size limited, the system takes a part and calls that a success.
 * @param at where in the file it begins
 */
export async function writeWhole(
  file: FileHandle,
  bytes: Uint8Array,
  at = 0,
): Promise<{ readonly bytesWritten: number }> {
  let done = 0;
  while (done < bytes.length)
    done += (await file.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
  return { bytesWritten: done };
}

/** Not `rm`: where nothing may be removed it tries the next best, and fails with the wrong reason. */
async function removeLeft(path: string): Promise<void> {
  await unlink(path).catch((error) => {
    if (error.code !== "ENOENT") throw error;
  });
}

function siblingOf(path: string): string {
  return `${path}.genesys-secret.tmp`;
}

function scratchOf(path: string): string {
  return `${siblingOf(path)}.2`;
}
