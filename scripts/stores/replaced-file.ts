import type { BigIntStats } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { takeAttributes } from "./file-attributes";
import { exists } from "./file-place";
import { FileRefusal } from "./file-refusal";
import { Replacement, writeWhole } from "./replacement";

/** What is in a file, and the file that it was read from. */
export interface FileContent {
  readonly bytes: Buffer;
  /** Undefined when there is no file. */
  readonly found: BigIntStats | undefined;
}

/** A file whose content is replaced by a rename, so that a reader never sees half of it, and that stays what it is besides. */
export class ReplacedFile {
  /** The next content's file, and the present file that it is made for. */
  #next: { readonly replacement: Replacement; readonly found: BigIntStats | undefined } | undefined;

  /** @param path no symbolic link: that would be replaced, not the file that it leads to */
  constructor(readonly path: string) {}

  /** @throws {FileRefusal} when something else than a file is there */
  async content(): Promise<FileContent> {
    const found = await this.found();
    return { bytes: found ? await readFile(this.path) : Buffer.alloc(0), found };
  }

  /** The file; undefined when there is none. @throws {FileRefusal} when something else is there */
  async found(): Promise<BigIntStats | undefined> {
    if (!(await exists(this.path))) return undefined;
    const found = await stat(this.path, { bigint: true });
    if (!found.isFile()) throw new FileRefusal("it is not a regular file", "Name a file, then run again.");
    return found;
  }

  /**
   * Makes the next content's file, and takes the disk space that it will need.
   * @param found the file that is replaced
   */
  async reserve(found: BigIntStats | undefined, bytes: number): Promise<void> {
    await (await this.#opened(found)).reserve(bytes);
  }

  /** Replaces the file by a copy of itself. Where there is none, nothing may come to be: the same beside its place. */
  async rehearse({ bytes, found }: FileContent): Promise<void> {
    if (found) await this.replace(bytes, found, { atime: found.atime, mtime: found.mtime });
    else await (await this.#opened(found)).rehearse();
  }

  /**
   * Puts this in place of the file's content: the one way in which it is written, and rehearsed.
   * @param found the file whose content it was made of; a newer one is not replaced
   * @param times when it is to have been read and changed. @default - now
   */
  async replace(
    bytes: Buffer,
    found: BigIntStats | undefined,
    times?: Pick<BigIntStats, "atime" | "mtime">,
  ): Promise<void> {
    const replacement = await this.#opened(found);
    const justBefore = async (): Promise<void> => {
      if (!isSame(await this.found(), found))
        throw new FileRefusal("somebody else has written it meanwhile", "Run again.");
    };
    await replacement.commit((file) => writeWhole(file, bytes), { times, justBefore });
    this.#next = undefined;
  }

  /** Removes what was not put in place; never throws. */
  async drop(): Promise<void> {
    await this.#next?.replacement.drop();
    this.#next = undefined;
  }

  /** The replacement of a file, with all that the file is besides its content. */
  async #opened(found: BigIntStats | undefined): Promise<Replacement> {
    if (this.#next && isSame(this.#next.found, found)) return this.#next.replacement;
    await this.drop();
    const replacement = await Replacement.open(this.path);
    this.#next = { replacement, found };
    if (found) await takeAttributes(replacement, this.path, found);
    return replacement;
  }
}

/** Whether it is the same file with the same content and attributes. */
function isSame(one: BigIntStats | undefined, other: BigIntStats | undefined): boolean {
  if (!one || !other) return one === other;
  return (["ino", "mtimeNs", "ctimeNs", "size"] as const).every((name) => one[name] === other[name]);
}
