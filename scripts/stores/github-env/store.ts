import { randomUUID } from "node:crypto";
import { constants, fstatSync } from "node:fs";
import { access, type FileHandle, open, stat } from "node:fs/promises";
import { isatty } from "node:tty";
import { variable } from "../../core/environment";
import { StoreFault } from "../../core/errors";
import type { StoredDocument } from "../document";
import { type Field, readField } from "../field";
import { inTurn } from "../in-turn";
import { writeWhole } from "../replacement";
import { notReady, type Store, type StoreContext } from "../store";
import { badOption, type StoreUri } from "../uri";

/** The runner's command files, by the option `to`. */
const FILES: ReadonlyMap<string, string> = new Map([
  ["env", "GITHUB_ENV"],
  ["output", "GITHUB_OUTPUT"],
]);

/** `github-env:`, a variable or an output for the steps that follow in the same job; masked before it is written. */
export function openStore(uri: StoreUri, context: StoreContext): Store {
  return new GithubEnvStore(uri, context);
}

class GithubEnvStore implements Store {
  readonly uri: StoreUri;
  readonly #name: string;
  readonly #field: Field;
  readonly #stdout: NodeJS.WritableStream;
  readonly #onRunner: boolean;
  readonly #fileVariable: string;
  readonly #path: string | undefined;

  constructor(uri: StoreUri, context: StoreContext) {
    this.uri = uri;
    this.#name = uri.target as string;
    this.#field = readField(uri);
    this.#stdout = context.stdout;
    this.#onRunner = variable(context.environment, "GITHUB_ACTIONS") === "true";
    const file = FILES.get(uri.options.get("to") ?? "env");
    if (file === undefined) throw badOption(uri, 'the option to must be "env" or "output"');
    this.#fileVariable = file;
    this.#path = variable(context.environment, file);
  }

  async prepare(): Promise<void> {
    if (!this.#onRunner || this.#path === undefined) {
      throw notReady(
        this.uri,
        `this is no step of GitHub Actions (${this.#onRunner ? this.#fileVariable : "GITHUB_ACTIONS"} is not set)`,
        "Use it in a step of a GitHub Actions job, or name another store, then run again.",
      );
    }
    if (this.#field.secret && !reachesTheRunner(this.#stdout)) {
      throw notReady(
        this.uri,
        "standard output is closed or goes elsewhere, so that the runner would never see the mask",
        "Leave standard output to the runner, then run again.",
      );
    }
    const fault = await whyNotWritable(this.#path);
    if (fault !== undefined) {
      throw notReady(
        this.uri,
        `the file that ${this.#fileVariable} names cannot be written (${fault})`,
        "Run in the job itself, not in a container that does not see the runner's files, then run again.",
      );
    }
  }

  /** Appends as many empty lines, which the runner passes over, and takes them away again. */
  async rehearse(document: StoredDocument): Promise<void> {
    const { length } = heredoc(this.#name, this.#field.valueIn(document));
    await this.#append("\n".repeat(length), false);
  }

  async read(): Promise<undefined> {
    return undefined;
  }

  async write(document: StoredDocument): Promise<void> {
    const value = this.#field.valueIn(document);
    // Before anything else: from this line on, the runner blots it out of every log.
    if (this.#field.secret) await print(this.#stdout, maskCommand(value));
    await this.#append(heredoc(this.#name, value), true);
  }

  async release(): Promise<void> {}

  async #append(text: string, stays: boolean): Promise<void> {
    const path = this.#path as string;
    try {
      await inTurn(path, () => append(path, text, stays));
    } catch (error) {
      throw new StoreFault(
        `the file of ${this.#fileVariable} cannot be written (${(error as NodeJS.ErrnoException).code})`,
      );
    }
  }
}

async function whyNotWritable(path: string): Promise<string | undefined> {
  try {
    await access(path, constants.W_OK);
    return (await stat(path)).isFile() ? undefined : "it is no file";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
}

/** The runner's command that masks a value. Unescaped, a percent sign or a line break would mask something else. */
function maskCommand(value: string): string {
  const escaped = value.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
  return `::add-mask::${escaped}\n`;
}

/** An assignment that no value can break out of: its delimiter is made anew each time, and cannot be guessed. */
function heredoc(name: string, value: string): string {
  const delimiter = `genesys_secret_${randomUUID()}`;
  return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
}

/**
 * Appends it whole or not at all: half a heredoc would swallow what other steps write.
 * @param stays false for a rehearsal
 */
async function append(path: string, text: string, stays: boolean): Promise<void> {
  const file = await open(path, "r+");
  try {
    const { size } = await file.stat();
    const separator = size === 0 || (await endsWithNewline(file, size)) ? "" : "\n";
    let isDone = false;
    try {
      await writeWhole(file, Buffer.from(separator + text), size);
      await file.sync();
      isDone = true;
    } finally {
      if (!isDone || !stays) await file.truncate(size).catch(() => {});
    }
  } finally {
    await file.close();
  }
}

async function endsWithNewline(file: FileHandle, size: number): Promise<boolean> {
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer.toString("latin1") === "\n";
}

function print(stream: NodeJS.WritableStream, line: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(line, (error) => {
      if (error)
        reject(new StoreFault(`the mask could not be printed (${(error as NodeJS.ErrnoException).code})`));
      else resolve();
    });
  });
}

/** The runner reads a step's output from a pipe, some of its stand-ins from a terminal. */
function reachesTheRunner(stream: NodeJS.WritableStream): boolean {
  const { fd } = stream as { fd?: number };
  if (!stream.writable || fd === undefined) return stream.writable;
  const kind = fstatSync(fd);
  return kind.isFIFO() || kind.isSocket() || isatty(fd);
}
