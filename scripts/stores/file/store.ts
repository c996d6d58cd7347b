import type { BigIntStats } from "node:fs";
import { readFile, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname } from "node:path";
import { StoreFault, StoreNotReadyError } from "../../core/errors";
import { HeldDocument, type StoredDocument } from "../document";
import { Replacement } from "../replacement";
import { notReady, type Store, type StoreContext } from "../store";
import type { StoreUri } from "../uri";
import { assertReplaceable, takeAttributes } from "./attributes";
import { localFile } from "./grammar";
import { takeLock } from "./lock";
import { assertFolderCanBeMade, exists, followed, inRealFolder } from "./place";
import { FileRefusal, reasonOf, refusalOf } from "./refusal";

/** What is in the file, and the file that it was read from. */
interface Content {
  readonly text: string;
  /** Undefined when there is no file. */
  readonly found: BigIntStats | undefined;
}

/** `file:`, a JSON document in a file, replaced by a rename so that a reader never sees half of it. */
export function openStore(uri: StoreUri, context: StoreContext): Store {
  return new FileStore(uri, localFile(uri.target as string, context.folder ?? "", homedir()), context);
}

class FileStore implements Store {
  readonly uri: StoreUri;
  readonly #context: StoreContext;
  #path: string;
  /** The next content's file, and the present file that it is made for. */
  #next: { readonly replacement: Replacement; readonly found: BigIntStats | undefined } | undefined;
  #unlock: (() => Promise<void>) | undefined;

  constructor(uri: StoreUri, path: string, context: StoreContext) {
    this.uri = uri;
    this.#path = path;
    this.#context = context;
  }

  async prepare(dryRun: boolean): Promise<void> {
    try {
      this.#path = await followed(this.#path);
      if (dryRun && !(await exists(dirname(this.#path)))) return await assertFolderCanBeMade(this.#path);
      this.#path = await inRealFolder(this.#path);
      this.#unlock = await takeLock(this.#path, this.uri, this.#context);
      const content = await this.#content();
      if (content.found) assertReplaceable(this.#path, content.found);
      await this.#reserve(content.found, heldIn(content).expectedBytes);
      if (dryRun) await this.#dropNext();
    } catch (error) {
      throw await this.#notReady(error);
    }
  }

  /** Replaces the file by a copy of itself. Where there is none, nothing may come to be: the same beside its place. */
  async rehearse(document: StoredDocument): Promise<void> {
    try {
      const content = await this.#content();
      const { text, found } = content;
      if (found) await this.#replace(text, found, { atime: found.atime, mtime: found.mtime });
      else await (await this.#opened(found)).rehearse();
      const room = Buffer.byteLength(textWith(heldIn(content), document));
      await this.#reserve(await this.#found(), room);
    } catch (error) {
      throw await this.#notReady(error);
    }
  }

  async read(): Promise<StoredDocument | undefined> {
    try {
      return heldIn(await this.#content()).document;
    } catch (error) {
      throw new StoreFault(`it cannot be read (${reasonOf(error)})`);
    }
  }

  async write(document: StoredDocument): Promise<void> {
    try {
      const content = await this.#content();
      await this.#replace(textWith(heldIn(content), document), content.found);
    } catch (error) {
      await this.#dropNext();
      throw new StoreFault(`it cannot be written (${reasonOf(error)})`);
    }
  }

  async remove(clientId: string): Promise<boolean> {
    try {
      this.#path = await followed(this.#path);
      const content = await this.#content();
      const held = heldIn(content);
      if (!held.isOf(clientId)) return false;
      if (held.others) await this.#replace(held.others.text, content.found);
      else await rm(this.#path);
      return true;
    } catch (error) {
      throw new StoreFault(`it cannot be removed (${reasonOf(error)})`);
    }
  }

  async release(): Promise<void> {
    await this.#dropNext();
    await this.#unlock?.().catch(() => {});
    this.#unlock = undefined;
  }

  /**
   * Puts a text in place of the file: the one way in which this store writes, and rehearses.
   * @param found the file whose content the text was made of; a newer one is not replaced
   * @param times when it is to have been read and changed. @default - now
   */
  async #replace(
    text: string,
    found: BigIntStats | undefined,
    times?: Pick<BigIntStats, "atime" | "mtime">,
  ): Promise<void> {
    const replacement = await this.#opened(found);
    const justBefore = async (): Promise<void> => {
      if (!isSame(await this.#found(), found))
        throw new FileRefusal("somebody else has written it meanwhile", "Run again.");
    };
    await replacement.commit((file) => file.write(text, 0), { times, justBefore });
    this.#next = undefined;
  }

  /** The replacement of a file, with all that the file is besides its content. */
  async #opened(found: BigIntStats | undefined): Promise<Replacement> {
    if (this.#next && isSame(this.#next.found, found)) return this.#next.replacement;
    await this.#dropNext();
    const replacement = await Replacement.open(this.#path);
    this.#next = { replacement, found };
    if (found) await takeAttributes(replacement, this.#path, found);
    return replacement;
  }

  async #reserve(found: BigIntStats | undefined, bytes: number): Promise<void> {
    await (await this.#opened(found)).reserve(bytes);
  }

  async #dropNext(): Promise<void> {
    await this.#next?.replacement.drop();
    this.#next = undefined;
  }

  async #content(): Promise<Content> {
    const found = await this.#found();
    return { text: found ? decoded(await readFile(this.#path)) : "", found };
  }

  /** The file; undefined when there is none. @throws {FileRefusal} when something else is there */
  async #found(): Promise<BigIntStats | undefined> {
    if (!(await exists(this.#path))) return undefined;
    const found = await stat(this.#path, { bigint: true });
    if (!found.isFile()) throw new FileRefusal("it is not a regular file", "Name a file, then run again.");
    return found;
  }

  async #notReady(error: unknown): Promise<StoreNotReadyError> {
    if (error instanceof StoreNotReadyError) return error;
    if (error instanceof StoreFault && !(error instanceof FileRefusal))
      return notReady(this.uri, error.message, "Move that file away, or name another, then run again.");
    const isThere = await exists(this.#path).catch(() => false);
    const refusal = error instanceof FileRefusal ? error : refusalOf(this.#path, error, isThere);
    return notReady(this.uri, refusal.message, refusal.remedy);
  }
}

function heldIn({ text, found }: Content): HeldDocument {
  return HeldDocument.parse(found && text);
}

/** The text with a document in it; a new one is laid out for people. */
function textWith(held: HeldDocument, document: StoredDocument): string {
  const { text, object } = held.with(document);
  return Object.keys(held.object).length > 0 ? text : `${JSON.stringify(object, null, 2)}\n`;
}

/** @throws {StoreFault} when it is not UTF-8: what is no character would not come out as it was */
function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new StoreFault("it holds something that is not a JSON object in UTF-8");
  }
}

/** Whether it is the same file with the same content and attributes. */
function isSame(one: BigIntStats | undefined, other: BigIntStats | undefined): boolean {
  if (!one || !other) return one === other;
  return (["ino", "mtimeNs", "ctimeNs", "size"] as const).every((name) => one[name] === other[name]);
}
