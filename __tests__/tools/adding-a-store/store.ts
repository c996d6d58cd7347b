// The code of the toy store: a box is a folder, which opens to whoever has the key that lies in it.
import { readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { variable } from "../../../scripts/core/environment";
import { StoreFault } from "../../../scripts/core/errors";
import { HeldDocument, type StoredDocument } from "../../../scripts/stores/document";
import { notReady, type Store, type StoreContext } from "../../../scripts/stores/store";
import type { StoreUri } from "../../../scripts/stores/uri";

export function openStore(uri: StoreUri, context: StoreContext): Store {
  return new ToyboxStore(uri, context);
}

class ToyboxStore implements Store {
  readonly uri: StoreUri;
  readonly #context: StoreContext;
  readonly #box: string;
  readonly #file: string;

  constructor(uri: StoreUri, context: StoreContext) {
    this.uri = uri;
    this.#context = context;
    this.#box = dirname(uri.target as string);
    this.#file = `${uri.target}.${uri.options.get("shelf") ?? "top"}.json`;
  }

  async prepare(dryRun: boolean): Promise<void> {
    try {
      await this.#unlock();
      await this.#held();
      if (!dryRun) await writeFile(join(this.#box, "rehearsal"), "");
    } catch (error) {
      throw notReady(this.uri, messageOf(error), "Find the key, then run again.");
    }
  }

  async read(): Promise<StoredDocument | undefined> {
    return (await this.#held()).document;
  }

  async write(document: StoredDocument): Promise<void> {
    const next = `${this.#file}.next`;
    try {
      await writeFile(next, (await this.#held()).with(document).text, { mode: 0o600 });
      await rename(next, this.#file);
    } catch (error) {
      throw new StoreFault(messageOf(error));
    }
  }

  async release(): Promise<void> {}

  async #unlock(): Promise<void> {
    const key = await readFile(join(this.#box, "key"), "utf8");
    if (key !== variable(this.#context.environment, "TOYBOX_KEY"))
      throw new StoreFault("the key does not fit");
  }

  async #held(): Promise<HeldDocument> {
    const text = await readFile(this.#file, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw new StoreFault(messageOf(error));
    });
    return HeldDocument.parse(text);
  }
}

function messageOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return error instanceof StoreFault ? message : `the box cannot be used (${code})`;
}
