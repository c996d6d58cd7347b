import { rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname } from "node:path";
import { StoreFault } from "../../core/errors";
import { HeldDocument, type StoredDocument } from "../document";
import { assertOneName, assertPrivate } from "../file-attributes";
import { exists, followed } from "../file-place";
import { fileNotReady, reasonOf } from "../file-refusal";
import { type FileContent, ReplacedFile } from "../replaced-file";
import type { Store, StoreContext } from "../store";
import type { StoreUri } from "../uri";
import { localFile } from "./grammar";
import { takeLock } from "./lock";
import { assertFolderCanBeMade, inRealFolder } from "./place";

/** `file:`, a JSON document in a file, replaced by a rename so that a reader never sees half of it. */
export function openStore(uri: StoreUri, context: StoreContext): Store {
  return new FileStore(uri, localFile(uri.target as string, context.folder ?? "", homedir()), context);
}

class FileStore implements Store {
  readonly uri: StoreUri;
  readonly #context: StoreContext;
  #file: ReplacedFile;
  #unlock: (() => Promise<void>) | undefined;

  constructor(uri: StoreUri, path: string, context: StoreContext) {
    this.uri = uri;
    this.#file = new ReplacedFile(path);
    this.#context = context;
  }

  async prepare(dryRun: boolean): Promise<void> {
    try {
      const path = await followed(this.#file.path);
      this.#file = new ReplacedFile(path);
      if (dryRun && !(await exists(dirname(path)))) return await assertFolderCanBeMade(path);
      this.#file = new ReplacedFile(await inRealFolder(path));
      this.#unlock = await takeLock(this.#file.path, this.uri, this.#context);
      const content = await this.#file.content();
      if (content.found) {
        assertOneName(content.found);
        assertPrivate(this.#file.path, content.found);
      }
      await this.#file.reserve(content.found, heldIn(content).expectedBytes);
      if (dryRun) await this.#file.drop();
    } catch (error) {
      throw await fileNotReady(this.uri, this.#file.path, error);
    }
  }

  async rehearse(document: StoredDocument): Promise<void> {
    try {
      const content = await this.#file.content();
      await this.#file.rehearse(content);
      await this.#file.reserve(await this.#file.found(), bytesWith(heldIn(content), document).length);
    } catch (error) {
      throw await fileNotReady(this.uri, this.#file.path, error);
    }
  }

  async read(): Promise<StoredDocument | undefined> {
    try {
      return heldIn(await this.#file.content()).document;
    } catch (error) {
      throw new StoreFault(`it cannot be read (${reasonOf(error)})`);
    }
  }

  async write(document: StoredDocument): Promise<void> {
    try {
      const content = await this.#file.content();
      await this.#file.replace(bytesWith(heldIn(content), document), content.found);
    } catch (error) {
      await this.#file.drop();
      throw new StoreFault(`it cannot be written (${reasonOf(error)})`);
    }
  }

  async remove(clientId: string): Promise<boolean> {
    try {
      const path = await followed(this.#file.path);
      if (path !== this.#file.path) this.#file = new ReplacedFile(path);
      const content = await this.#file.content();
      const held = heldIn(content);
      if (!held.isOf(clientId)) return false;
      if (held.others) await this.#file.replace(Buffer.from(held.others.text), content.found);
      else await rm(this.#file.path);
      return true;
    } catch (error) {
      throw new StoreFault(`it cannot be removed (${reasonOf(error)})`);
    }
  }

  async release(): Promise<void> {
    await this.#file.drop();
    await this.#unlock?.().catch(() => {});
    this.#unlock = undefined;
  }
}

function heldIn({ bytes, found }: FileContent): HeldDocument {
  return HeldDocument.parse(found && decoded(bytes));
}

/** What the file holds with a document in it; a new one is laid out for people. */
function bytesWith(held: HeldDocument, document: StoredDocument): Buffer {
  const { text, object } = held.with(document);
  return Buffer.from(Object.keys(held.object).length > 0 ? text : `${JSON.stringify(object, null, 2)}\n`);
}

/** @throws {StoreFault} when it is not UTF-8: what is no character would not come out as it was */
function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new StoreFault("it holds something that is not a JSON object in UTF-8");
  }
}
