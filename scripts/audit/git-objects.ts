import { BrokenInput } from "./broken-input";
import type { Git } from "./git";
import type { Chunks } from "./peek";

/** A file, a commit or a tag of a repository. `content` must be read, or given up, before the next is asked for. */
export interface GitObject {
  readonly id: string;
  readonly type: string;
  readonly content: Chunks;
}

const NEWLINE = 0x0a;
const MAX_HEADER = 1024;

/**
 * Every object that a repository has but its folders, each once: what was removed from a branch, stashed, amended away or
 * belongs to a deleted branch is still there until git collects its garbage.
 * @throws {BrokenInput} when git fails
 */
export async function* gitObjects(git: Git): AsyncGenerator<GitObject> {
  const listing = [
    "cat-file",
    "--batch-all-objects",
    "--unordered",
    "--batch-check=%(objecttype) %(objectname)",
  ];
  const wanted = async function* (): AsyncGenerator<string> {
    for await (const line of git.lines(listing)) {
      const [type, id] = line.split(" ");
      if (type !== "tree" && id !== undefined) yield `${id}\n`;
    }
  };
  const reader = new Reader(git.stream(["cat-file", "--batch", "--buffer"], wanted()));
  for (let header = await reader.line(); header !== undefined; header = await reader.line()) {
    const [id = "", type = "", size = ""] = header.split(" ");
    if (!/^\d+$/.test(size)) throw new BrokenInput(`git cannot read its object ${id}`);
    yield { id, type, content: reader.take(Number(size)) };
    await reader.skipNewline();
  }
}

/** Reads lines and counted bytes from a stream of pieces. */
class Reader {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(chunks: AsyncIterable<Buffer>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** The next line; undefined at the end. */
  async line(): Promise<string | undefined> {
    for (;;) {
      const end = this.#rest.indexOf(NEWLINE);
      if (end >= 0) {
        const line = this.#rest.subarray(0, end).toString("utf8");
        this.#rest = this.#rest.subarray(end + 1);
        return line;
      }
      if (this.#rest.length > MAX_HEADER) throw new BrokenInput("git said what is not understood");
      const next = await this.#more();
      if (!next) return undefined;
      this.#rest = Buffer.concat([this.#rest, next]);
    }
  }

  /** Exactly so many bytes; they are passed over when nobody asks for them any more. */
  async *take(size: number): AsyncGenerator<Uint8Array> {
    let left = size;
    const piece = async (): Promise<Buffer> => {
      if (this.#rest.length === 0) {
        const next = await this.#more();
        if (!next) throw new BrokenInput("git ended in the middle of an object");
        this.#rest = next;
      }
      const bytes = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(bytes.length);
      left -= bytes.length;
      return bytes;
    };
    try {
      while (left > 0) yield await piece();
    } finally {
      while (left > 0) await piece();
    }
  }

  /** git ends each object with a newline. */
  async skipNewline(): Promise<void> {
    for await (const _ of this.take(1));
  }

  async #more(): Promise<Buffer | undefined> {
    const { done, value } = await this.#chunks.next();
    return done ? undefined : value;
  }
}
