import { printable } from "../core/printable";

const EVERY_MS = 200;
const CLEAR = "\r\u001b[K";

/** Shows on a terminal how far an audit has come, in one line that is written over; elsewhere it shows nothing. */
export class Meter {
  readonly #terminal: NodeJS.WriteStream | undefined;
  #bytes = 0;
  #file = "";
  #shownAt = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.#terminal = stream.isTTY ? stream : undefined;
  }

  get bytes(): number {
    return this.#bytes;
  }

  begin(file: string): void {
    this.#file = file;
  }

  read(bytes: number): void {
    this.#bytes += bytes;
    this.#show(() => `${(this.#bytes / 1e6).toFixed(0)} MB searched: ${printable(this.#file)}`);
  }

  checked(done: number, all: number): void {
    this.#show(() => `${done} of ${all} secrets tried`);
  }

  /** Takes the line away. */
  end(): void {
    if (this.#shownAt > 0) this.#terminal?.write(CLEAR);
    this.#shownAt = 0;
  }

  #show(text: () => string): void {
    if (!this.#terminal || Date.now() - this.#shownAt < EVERY_MS) return;
    this.#shownAt = Date.now();
    this.#terminal.write(`${CLEAR}${text().slice(0, Math.max(20, (this.#terminal.columns ?? 80) - 1))}`);
  }
}
