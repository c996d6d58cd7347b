const NEWLINE = 0x0a;

/** Knows on which line a byte of a window stands; counts on from the last answer, since hits come nearly in order. */
export class LineCounter {
  #bytes: Uint8Array = new Uint8Array();
  #at = 0;
  #line = 1;

  /** A window begins; `fresh` is where the last one ended in it. */
  enter(bytes: Uint8Array, fresh: number): void {
    this.#bytes = bytes;
    this.#at = fresh;
  }

  /** The line, from 1, of a position in the window. */
  at(position: number): number {
    const bytes = this.#bytes;
    let [at, line] = [this.#at, this.#line];
    for (; at < position; at += 1) if (bytes[at] === NEWLINE) line += 1;
    for (; at > position; at -= 1) if (bytes[at - 1] === NEWLINE) line -= 1;
    this.#at = position;
    this.#line = line;
    return line;
  }
}
