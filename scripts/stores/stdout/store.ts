import { fstatSync, statSync } from "node:fs";
import { StoreFault, StoreNotReadyError } from "../../core/errors";
import type { StoredDocument } from "../document";
import type { Store, StoreContext } from "../store";
import type { StoreUri } from "../uri";

/** `stdout:`, the secret and a newline on standard output, and nothing else there. */
export function openStore(uri: StoreUri, context: StoreContext): Store {
  return new StdoutStore(uri, context.stdout);
}

class StdoutStore implements Store {
  readonly uri: StoreUri;
  readonly #stream: NodeJS.WritableStream;

  constructor(uri: StoreUri, stream: NodeJS.WritableStream) {
    this.uri = uri;
    this.#stream = stream;
  }

  async prepare(): Promise<void> {
    if (!this.#stream.writable || isThrownAway(this.#stream)) {
      throw new StoreNotReadyError(
        "Standard output is closed, or goes to /dev/null; stdout: has nowhere to print to.",
        "Connect a pipe, or name another store.",
      );
    }
  }

  async read(): Promise<undefined> {
    return undefined;
  }

  write(document: StoredDocument): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#stream.write(`${document.clientSecret.reveal()}\n`, (error) => {
        if (error)
          reject(
            new StoreFault(
              `nobody reads standard output, or it is full (${(error as NodeJS.ErrnoException).code})`,
            ),
          );
        else resolve();
      });
    });
  }

  async release(): Promise<void> {}
}

/** Whether what is printed is lost. Node.js opens /dev/null in the place of what was closed from the start. */
function isThrownAway(stream: NodeJS.WritableStream): boolean {
  const { fd } = stream as { fd?: number };
  if (fd === undefined || process.platform === "win32") return false;
  return fstatSync(fd).rdev === statSync("/dev/null").rdev;
}
