import { createHash } from "node:crypto";
import { type FileHandle, open, readFile, rm } from "node:fs/promises";
import { lock } from "proper-lockfile";
import * as z from "zod/mini";
import { StoreNotReadyError, UsageError } from "../core/errors";
import { printable } from "../core/printable";
import type { Shard } from "./shard";

/** A run that began longer ago was another rotation: it is not resumed. */
const OLDEST_MS = 24 * 3_600_000;
/** A killed run's lock is taken over after this time. */
const STALE_LOCK_MS = 6_000;
const LOCK_TRIES = { retries: 20, minTimeout: 500, maxTimeout: 500, factor: 1 };
const PRIVATE_FILE = 0o600;

const Start = z.object({ started: z.iso.datetime() });
const Done = z.object({ id: z.string(), at: z.string() });

/** What of a fleet a run is about: the journals of different ones are different files. */
export interface Selection {
  readonly shard?: Shard;
  readonly only?: readonly string[];
}

/** The journal of a run over a manifest: beside it, with the selection in its name. */
export function journalPath(manifest: string, { shard, only }: Selection): string {
  const part = shard ? `.${shard.part}-of-${shard.of}` : "";
  const names = JSON.stringify([...(only ?? [])].sort());
  const some = only ? `.only-${createHash("sha256").update(names).digest("hex").slice(0, 8)}` : "";
  return `${manifest}${part}${some}.progress`;
}

/**
 * Which clients of a fleet are done, ids and times only, so that a run that was interrupted is taken up where it was. It is
 * locked while a run uses it, and removed when all are done.
 */
export class Journal {
  readonly #path: string;
  readonly #unlock: () => Promise<void>;
  readonly #file: FileHandle;
  /** Ids of the clients that an earlier run has done. */
  readonly done: ReadonlySet<string>;
  /** When the run that is taken up began, ISO 8601; undefined when this one begins anew. */
  readonly resumed: string | undefined;
  #isEmpty: boolean;

  /**
   * Opens a journal for one run, and takes up the run before where that was interrupted.
   * @param fresh begins anew in any case
   * @param say told when another run holds the lock
   * @throws {StoreNotReadyError} when another run goes on
   * @throws {UsageError} when it cannot be written
   */
  static async open(path: string, fresh: boolean, say: (line: string) => void): Promise<Journal> {
    const unlock = await takeLock(path, say);
    try {
      const earlier = fresh ? undefined : await readEarlier(path);
      const file = await open(path, earlier ? "a" : "w", PRIVATE_FILE);
      const journal = new Journal(path, unlock, file, earlier);
      // A line of its own even behind one that was cut short.
      await journal.#append(earlier ? "\n" : `${JSON.stringify({ started: new Date().toISOString() })}\n`);
      return journal;
    } catch (error) {
      await unlock();
      throw unwritable(path, error);
    }
  }

  private constructor(
    path: string,
    unlock: () => Promise<void>,
    file: FileHandle,
    earlier: { started: string; done: ReadonlySet<string> } | undefined,
  ) {
    this.#path = path;
    this.#unlock = unlock;
    this.#file = file;
    this.done = earlier?.done ?? new Set();
    this.resumed = earlier?.started;
    this.#isEmpty = this.done.size === 0;
  }

  /** Notes that a client is done; after it returns, a power cut loses nothing. */
  async add(id: string): Promise<void> {
    this.#isEmpty = false;
    await this.#append(`${JSON.stringify({ id, at: new Date().toISOString() })}\n`);
  }

  /** @param allDone whether nothing is left to take up: then it is removed */
  async close(allDone: boolean): Promise<void> {
    try {
      await this.#file.close();
      if (allDone || this.#isEmpty) await rm(this.#path, { force: true });
    } finally {
      await this.#unlock();
    }
  }

  async #append(line: string): Promise<void> {
    await this.#file.appendFile(line);
    await this.#file.datasync();
  }
}

async function readEarlier(path: string): Promise<{ started: string; done: Set<string> } | undefined> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  const [first, ...lines] = text.split("\n").map(parseLine);
  const start = Start.safeParse(first);
  if (!start.success || Date.now() - Date.parse(start.data.started) > OLDEST_MS) return undefined;
  const done = lines.flatMap((line) => {
    const entry = Done.safeParse(line);
    return entry.success ? [entry.data.id] : [];
  });
  return done.length === 0 ? undefined : { started: start.data.started, done: new Set(done) };
}

/** A line that a kill cut short counts as none: its client is rotated again. */
function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

async function takeLock(path: string, say: (line: string) => void): Promise<() => Promise<void>> {
  const options = {
    realpath: false,
    stale: STALE_LOCK_MS,
    update: STALE_LOCK_MS / 3,
    // A machine that slept may have lost it: the stores have locks of their own.
    onCompromised: () => say("the lock of the journal was lost to another run"),
  };
  try {
    return await lock(path, options).catch((error) => {
      if (error.code !== "ELOCKED") throw error;
      say("another run rotates this fleet, or was killed while it did; waiting");
      return lock(path, { ...options, retries: LOCK_TRIES });
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw unwritable(path, error);
    throw new StoreNotReadyError(
      `Another run rotates this fleet at the moment: it holds "${printable(path)}".`,
      "Wait until it has ended, then run again.",
      "ERR_FLEET_LOCKED",
    );
  }
}

function unwritable(path: string, error: unknown): UsageError {
  return new UsageError(
    `The journal "${printable(path)}" cannot be written (${(error as NodeJS.ErrnoException).code}).`,
    "Put the manifest into a folder that can be written, or use --due, which needs no journal.",
  );
}
