import { constants } from "node:fs";
import { access, mkdir, readFile, realpath, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type LockOptions, lock } from "proper-lockfile";
import { StoreFault, StoreNotReadyError } from "../../core/errors";
import type { Progress } from "../../core/progress";
import { HeldDocument, type StoredDocument } from "../document";
import { Replacement } from "../replacement";
import { notReady, type Store, type StoreContext } from "../store";
import type { StoreUri } from "../uri";
import { localFile } from "./grammar";

/** A killed run's lock is taken over after this time; the holder of a live one refreshes it three times as often. */
const STALE_LOCK_MS = 6_000;
const LOCK_TRIES = 20;
const LOCK_PAUSE_MS = 500;
const PRIVATE_FOLDER = 0o700;

/** `file:`, a JSON document in a file of mode 0600, replaced by a rename so that a reader never sees half of it. */
export function openStore(uri: StoreUri, context: StoreContext): Store {
  return new FileStore(uri, localFile(uri.target as string, context.folder ?? "", homedir()), context);
}

class FileStore implements Store {
  readonly uri: StoreUri;
  readonly #progress: Progress;
  readonly #signal: AbortSignal;
  #path: string;
  #replacement: Replacement | undefined;
  #unlock: (() => Promise<void>) | undefined;

  constructor(uri: StoreUri, path: string, { progress, signal }: StoreContext) {
    this.uri = uri;
    this.#path = path;
    this.#progress = progress;
    this.#signal = signal;
  }

  async prepare(dryRun: boolean): Promise<void> {
    try {
      if (dryRun && !(await exists(dirname(this.#path)))) return await this.#checkThatFolderCanBeMade();
      await makeFolder(dirname(this.#path));
      // Behind a symbolic link, the file it leads to is replaced, not the link.
      this.#path = join(await realpath(dirname(this.#path)), basename(this.#path));
      if (await exists(this.#path)) this.#path = await realpath(this.#path);
      await this.#lock();
      const { expectedBytes } = await this.#held();
      this.#replacement = await Replacement.open(this.#path);
      await this.#replacement.reserve(expectedBytes);
      if (dryRun) await this.#dropReplacement();
    } catch (error) {
      if (error instanceof StoreNotReadyError) throw error;
      if (error instanceof StoreFault)
        throw notReady(this.uri, error.message, "Move that file away, or name another, then run again.");
      throw notReady(
        this.uri,
        `it cannot be written (${reasonOf(error)})`,
        "Make the folder writable for this user, or name another place, then run again.",
      );
    }
  }

  async read(): Promise<StoredDocument | undefined> {
    if (!(await exists(this.#path))) return undefined;
    try {
      return (await this.#held()).document;
    } catch (error) {
      throw new StoreFault(`it cannot be read (${reasonOf(error)})`);
    }
  }

  async write(document: StoredDocument): Promise<void> {
    try {
      await this.#replace((await this.#held()).with(document));
    } catch (error) {
      await this.#dropReplacement();
      throw new StoreFault(`it cannot be written (${reasonOf(error)})`);
    }
  }

  async remove(clientId: string): Promise<boolean> {
    try {
      const held = await this.#held();
      if (!held.isOf(clientId)) return false;
      if (held.others) await this.#replace(held.others);
      else await rm(this.#path);
      return true;
    } catch (error) {
      throw new StoreFault(`it cannot be removed (${reasonOf(error)})`);
    }
  }

  async release(): Promise<void> {
    await this.#dropReplacement();
    await this.#unlock?.().catch(() => {});
    this.#unlock = undefined;
  }

  async #replace({ object }: HeldDocument): Promise<void> {
    this.#replacement ??= await Replacement.open(this.#path);
    const text = `${JSON.stringify(object, null, 2)}\n`;
    await this.#replacement.commit((file) => file.write(text, 0));
    this.#replacement = undefined;
  }

  async #lock(): Promise<void> {
    const options = {
      realpath: false,
      stale: STALE_LOCK_MS,
      update: STALE_LOCK_MS / 3,
      // A machine that slept may have lost the lock. Stopping would not bring it back; verification tells the truth.
      onCompromised: () => this.#progress.warn(`the lock of ${this.uri.text} was lost to another run`),
    };
    try {
      this.#unlock = await lock(this.#path, options).catch((error) => {
        if (error.code !== "ELOCKED") throw error;
        this.#progress.info(
          `${this.uri.text} is locked by another run, or was by one that was killed; waiting`,
        );
        return this.#waitForLock(options);
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
      throw new StoreNotReadyError(
        `The store ${this.uri.text} is locked by another run.`,
        "Wait until it has ended, then run again.",
        "ERR_STORE_LOCKED",
      );
    }
  }

  async #waitForLock(options: LockOptions): Promise<() => Promise<void>> {
    for (let left = LOCK_TRIES; ; left -= 1) {
      // An interrupt ends the waiting, too.
      await sleep(LOCK_PAUSE_MS, undefined, { signal: this.#signal });
      try {
        return await lock(this.#path, options);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ELOCKED" || left <= 1) throw error;
      }
    }
  }

  async #dropReplacement(): Promise<void> {
    await this.#replacement?.drop();
    this.#replacement = undefined;
  }

  async #held(): Promise<HeldDocument> {
    if (!(await exists(this.#path))) return HeldDocument.parse(undefined);
    if (!(await stat(this.#path)).isFile())
      throw notReady(this.uri, "it is not a regular file", "Name a file.");
    return HeldDocument.parse(await readFile(this.#path, "utf8"));
  }

  async #checkThatFolderCanBeMade(): Promise<void> {
    let folder = dirname(this.#path);
    while (!(await exists(folder)) && dirname(folder) !== folder) folder = dirname(folder);
    await access(folder, constants.W_OK);
  }
}

/** Makes a folder and those above it. Node's own recursive mkdir never ends below /proc. */
async function makeFolder(folder: string): Promise<void> {
  if (await exists(folder)) return;
  await makeFolder(dirname(folder));
  await mkdir(folder, { mode: PRIVATE_FOLDER }).catch((error) => {
    if (error.code !== "EEXIST") throw error;
  });
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

/** The system's code only: messages of the file system are safe, but say the same at more length. */
function reasonOf(error: unknown): string {
  if (error instanceof StoreNotReadyError || error instanceof StoreFault) return error.message;
  const { code } = error as NodeJS.ErrnoException;
  return code === "EEXIST" || code === "ENOTDIR"
    ? "a part of its path is not a folder"
    : (code ?? "unknown fault");
}
