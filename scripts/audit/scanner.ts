import type { Detector } from "./detector";
import { BLANK, OPEN_ARRAY, OPEN_OBJECT } from "./json-characters";
import { JsonTokenizer } from "./json-tokenizer";
import { LineCounter } from "./line-counter";
import type { Sighting } from "./sighting";
import { SightingBook } from "./sighting-book";
import { Structure } from "./structure";

const NEWLINE = 0x0a;
const WINDOW_BYTES = 1024 * 1024;
/** What detectors may look at before a hit. */
const LOOK_BEHIND = 1024;

/** What one stream of bytes held. */
export interface Scan {
  readonly sightings: readonly Sighting[];
  /** Further places of the same secrets. */
  readonly unlisted: number;
  /** Why what began as JSON is not, or not whole. */
  readonly brokenJson?: string;
  /** Whether it began as JSON; undefined when there was nothing but white space. */
  readonly isJson?: boolean;
  readonly isTerraform: boolean;
  readonly isEncrypted: boolean;
}

/**
 * Looks at a stream of bytes that is given piece by piece; its memory does not grow with the stream. Detectors see
 * windows that overlap, so that nothing is lost on a border; JSON is read once, from its first byte to its last.
 */
export class Scanner {
  readonly #detectors: readonly Detector[];
  readonly #lookAhead: number;
  readonly #window: Buffer;
  #filled = 0;
  /** From here on detectors have not looked yet. */
  #from = 0;
  /** From here on the tokenizer and the line counter have not looked yet. */
  #fresh = 0;
  #offset = 0;
  #isJson: boolean | undefined;
  readonly #lines = new LineCounter();
  readonly #book = new SightingBook();
  readonly #structure: Structure;
  #tokenizer: JsonTokenizer | undefined;

  /** @param window from `windowFor` these detectors; of scanners that share one, only one may be at work */
  constructor(detectors: readonly Detector[], window = windowFor(detectors)) {
    this.#detectors = detectors;
    this.#lookAhead = lookAheadOf(detectors);
    this.#window = window;
    this.#structure = new Structure(
      (sighting) => this.#book.add(sighting),
      (offset) => this.#lineAt(offset),
    );
  }

  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; ) {
      const room = Math.min(this.#window.length - this.#filled, chunk.length - at);
      this.#window.set(chunk.subarray(at, at + room), this.#filled);
      this.#filled += room;
      at += room;
      if (this.#filled === this.#window.length) this.#look(false);
    }
  }

  /** The stream has ended. */
  end(): Scan {
    this.#look(true);
    // After a document in a text the text goes on: that is no fault of the document's.
    const wentOn = this.#isJson === false && this.#tokenizer?.fault !== undefined;
    this.#tokenizer?.end();
    return {
      sightings: this.#book.all(),
      unlisted: this.#book.unlisted,
      isJson: this.#isJson,
      brokenJson: wentOn ? undefined : this.#tokenizer?.fault,
      isTerraform: this.#structure.isTerraform,
      isEncrypted: this.#structure.isEncrypted,
    };
  }

  #look(isLast: boolean): void {
    if (this.#offset + this.#fresh === 0) blotOutMark(this.#window, this.#filled);
    const fresh = this.#window.subarray(this.#fresh, this.#filled);
    this.#isJson ??= beginsAsJson(fresh);
    this.#lines.enter(this.#window, this.#fresh);
    this.#readJson(fresh);
    const to = isLast ? this.#filled : this.#filled - this.#lookAhead;
    const window = { bytes: this.#window, from: this.#from, to, end: this.#filled, offset: this.#offset };
    for (const detector of this.#detectors) {
      detector.search(window, (sighting) => {
        this.#book.add({ ...sighting, line: this.#lineAt(sighting.offset) });
      });
    }
    this.#lines.at(this.#filled);
    const kept = Math.max(0, to - LOOK_BEHIND);
    this.#window.copyWithin(0, kept, this.#filled);
    this.#offset += kept;
    this.#filled -= kept;
    this.#from = to - kept;
    this.#fresh = this.#filled;
  }

  /** Reads a stream of JSON; of a text, such as an engine's warnings, what follows from the first line with a brace. */
  #readJson(fresh: Buffer): void {
    if (this.#isJson === undefined) return;
    const begin = this.#tokenizer || this.#isJson ? 0 : this.#lineWithBrace(fresh);
    if (begin < 0) return;
    this.#tokenizer ??= new JsonTokenizer(this.#structure, this.#offset + this.#fresh + begin);
    this.#tokenizer.write(fresh.subarray(begin));
  }

  /** Where the first line begins that begins with a brace; -1 when there is none. */
  #lineWithBrace(fresh: Buffer): number {
    if (fresh[0] === OPEN_OBJECT && this.#window[this.#fresh - 1] === NEWLINE) return 0;
    const before = fresh.indexOf("\n{");
    return before < 0 ? -1 : before + 1;
  }

  #lineAt(offset: number): number {
    return this.#lines.at(offset - this.#offset);
  }
}

/** The memory that a scanner works in. */
export function windowFor(detectors: readonly Detector[]): Buffer {
  return Buffer.allocUnsafe(WINDOW_BYTES + LOOK_BEHIND + lookAheadOf(detectors));
}

function lookAheadOf(detectors: readonly Detector[]): number {
  return Math.max(0, ...detectors.map(({ lookAhead }) => lookAhead));
}

/** Whether the first byte that is not white space begins an object or an array; undefined when there is none. */
function beginsAsJson(bytes: Uint8Array): boolean | undefined {
  const first = bytes.find((byte) => !BLANK[byte]);
  return first === undefined ? undefined : first === OPEN_OBJECT || first === OPEN_ARRAY;
}

/** Windows puts a byte order mark before UTF-8: blanks in its place keep all offsets. */
function blotOutMark(bytes: Buffer, filled: number): void {
  if (filled >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) bytes.fill(0x20, 0, 3);
}
