import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

const PRIVATE_FILE = 0o600;

/** A file's next content, private and beside it until it is whole; a rename puts it in place, so that nobody has half of it. */
export class Replacement {
  readonly #path: string;
  readonly #sibling: string;
  readonly #file: FileHandle;

  /** A fixed name: what a killed run left is removed by the next one. */
  static async open(path: string): Promise<Replacement> {
    const sibling = `${path}.genesys-secret.tmp`;
    await rm(sibling, { force: true });
    return new Replacement(path, sibling, await open(sibling, "wx", PRIVATE_FILE));
  }

  private constructor(path: string, sibling: string, file: FileHandle) {
    this.#path = path;
    this.#sibling = sibling;
    this.#file = file;
  }

  /** Takes the disk space now: a full disk must show before the old secret is dead. */
  async reserve(bytes: number): Promise<void> {
    await this.#file.write(Buffer.alloc(bytes), 0, bytes, 0);
    await this.#file.sync();
  }

  /**
   * Puts the new content in place of the file; after it returns, a power cut loses nothing.
   * @param write writes all of it from the file's start; what it writes is not seen here
   * @param mode the file's permissions. @default - its owner's only
   */
  async commit(
    write: (file: FileHandle) => Promise<{ readonly bytesWritten: number }>,
    mode?: number,
  ): Promise<void> {
    const { bytesWritten } = await write(this.#file);
    await this.#file.truncate(bytesWritten);
    if (mode !== undefined) await this.#file.chmod(mode);
    await this.#file.sync();
    // Open until it is in place, so that `drop` can empty it; Windows renames no open file.
    if (process.platform === "win32") await this.#file.close();
    await rename(this.#sibling, this.#path);
    await this.#file.close();
    await syncFolder(dirname(this.#path));
  }

  /** Removes what was not put in place; never throws. From a folder that is read-only by now only its content goes. */
  async drop(): Promise<void> {
    await this.#file.truncate(0).catch(() => {});
    await this.#file.close().catch(() => {});
    await rm(this.#sibling, { force: true }).catch(() => {});
  }
}

/** Makes a rename survive a power cut; Windows has no such call and needs none. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  await handle.sync();
  await handle.close();
}
