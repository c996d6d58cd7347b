import {
  BACKSLASH,
  BLANK,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  isLiteral,
  LITERAL,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
  STRING_STOP,
} from "./json-characters";
import type { JsonVisitor } from "./json-visitor";

/** Nothing that an audit looks for is deeper or longer. */
const MAX_DEPTH = 500;
const MAX_TOKEN_BYTES = 64 * 1024;
const NOTHING = Buffer.alloc(0);

type Expected = "value" | "value or end" | "key" | "key or end" | "colon" | "comma or end";

/**
 * Reads JSON piece by piece, in constant memory, and tells what it meets; several documents may follow one another, as
 * in `terraform apply -json`. Written for this program because no library tells at which byte a value stands, and the
 * best known one (stream-json) takes longer for its tokens alone than the whole audit does with this.
 */
export class JsonTokenizer {
  readonly #visitor: JsonVisitor;
  /** 1 for an array, 0 for an object. */
  readonly #open = new Uint8Array(MAX_DEPTH);
  #depth = 0;
  #expected: Expected = "value";
  /** The token that the last piece ended in. */
  #within: "string" | "literal" | undefined;
  #escaped = false;
  #carry: Buffer = NOTHING;
  #carryTooLong = false;
  #tokenOffset = 0;
  #offset: number;
  #fault: string | undefined;

  /** @param offset where its first byte stands in the whole stream */
  constructor(visitor: JsonVisitor, offset = 0) {
    this.#visitor = visitor;
    this.#offset = offset;
  }

  /** Why this is not JSON, once that is known; nothing is read any more from then on. */
  get fault(): string | undefined {
    return this.#fault;
  }

  /** Reads the next piece. */
  write(bytes: Buffer): void {
    let at = 0;
    while (at < bytes.length && this.#fault === undefined) {
      if (this.#within === "string") at = this.#string(bytes, at);
      else if (this.#within === "literal") at = this.#literal(bytes, at);
      else at = this.#between(bytes, at);
    }
    this.#offset += bytes.length;
    this.#visitor.settle();
  }

  /** The document has ended. What is still open is closed for the visitor, so that it tells what it has seen. */
  end(): void {
    if (this.#within === "literal") this.#endLiteral(this.#carry, 0, this.#carry.length);
    if (this.#within === "string" || this.#depth > 0) {
      this.#fault ??= `it ends in the middle, after ${this.#offset} bytes`;
    }
    for (; this.#depth > 0; this.#depth -= 1) this.#visitor.close();
  }

  #between(bytes: Buffer, from: number): number {
    let at = from;
    while (at < bytes.length && BLANK[bytes[at] as number]) at += 1;
    if (at === bytes.length) return at;
    const byte = bytes[at] as number;
    const expected = this.#expected;
    if (byte === QUOTE && expected !== "colon" && expected !== "comma or end") {
      this.#begin("string", at + 1);
      return this.#string(bytes, at + 1);
    }
    if (expected === "colon") {
      if (byte !== COLON) return this.#fail(at);
      this.#expected = "value";
      return at + 1;
    }
    if (byte === COMMA && expected === "comma or end" && this.#depth > 0) {
      this.#expected = this.#open[this.#depth - 1] ? "value" : "key";
      return at + 1;
    }
    if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) return this.#close(byte, at);
    if (expected !== "value" && expected !== "value or end") return this.#fail(at);
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) return this.#enter(byte === OPEN_ARRAY, at);
    if (!LITERAL[byte]) return this.#fail(at);
    this.#begin("literal", at);
    return this.#literal(bytes, at);
  }

  #enter(isArray: boolean, at: number): number {
    if (this.#depth === MAX_DEPTH) return this.#fail(at, `it is nested more than ${MAX_DEPTH} deep`);
    this.#open[this.#depth] = isArray ? 1 : 0;
    this.#depth += 1;
    this.#expected = isArray ? "value or end" : "key or end";
    this.#visitor.open(isArray);
    return at + 1;
  }

  #close(byte: number, at: number): number {
    const isArray = byte === CLOSE_ARRAY;
    const mayEnd =
      this.#expected === "comma or end" || this.#expected === (isArray ? "value or end" : "key or end");
    if (!mayEnd || this.#depth === 0 || (this.#open[this.#depth - 1] === 1) !== isArray)
      return this.#fail(at);
    this.#depth -= 1;
    this.#visitor.close();
    this.#ended();
    return at + 1;
  }

  /** A value is complete. */
  #ended(): void {
    this.#expected = this.#depth === 0 ? "value" : "comma or end";
  }

  #begin(kind: "string" | "literal", at: number): void {
    this.#within = kind;
    this.#carry = NOTHING;
    this.#carryTooLong = false;
    this.#tokenOffset = this.#offset + at;
  }

  #string(bytes: Buffer, from: number): number {
    let at = from;
    while (at < bytes.length) {
      if (this.#escaped) {
        this.#escaped = false;
        at += 1;
        continue;
      }
      while (at < bytes.length && !STRING_STOP[bytes[at] as number]) at += 1;
      if (at === bytes.length) break;
      const byte = bytes[at] as number;
      if (byte === QUOTE) {
        this.#within = undefined;
        this.#endString(bytes, from, at);
        return at + 1;
      }
      if (byte !== BACKSLASH) return this.#fail(at);
      this.#escaped = true;
      at += 1;
    }
    this.#keep(bytes, from, at);
    return at;
  }

  #endString(piece: Buffer, from: number, to: number): void {
    let [bytes, start, end] = [piece, from, to];
    if (this.#carry.length > 0 || this.#carryTooLong) {
      this.#keep(piece, from, to);
      [bytes, start, end] = [this.#carry, 0, this.#carryTooLong ? 0 : this.#carry.length];
    }
    if (this.#expected === "key" || this.#expected === "key or end") {
      this.#visitor.key(bytes, start, end);
      this.#expected = "colon";
    } else {
      this.#visitor.string(bytes, start, end, this.#tokenOffset);
      this.#ended();
    }
  }

  #literal(bytes: Buffer, from: number): number {
    let at = from;
    while (at < bytes.length && LITERAL[bytes[at] as number]) at += 1;
    if (at === bytes.length || this.#carry.length > 0) {
      this.#keep(bytes, from, at);
      if (at < bytes.length) this.#endLiteral(this.#carry, 0, this.#carry.length);
    } else {
      this.#endLiteral(bytes, from, at);
    }
    return at;
  }

  #endLiteral(bytes: Buffer, start: number, end: number): void {
    this.#within = undefined;
    if (this.#carryTooLong || !isLiteral(bytes, start, end)) {
      this.#fault = `it is not JSON at byte ${this.#tokenOffset}`;
      return;
    }
    this.#visitor.literal(bytes, start, end);
    this.#ended();
  }

  /** Keeps the part of a token that this piece ends in. */
  #keep(bytes: Buffer, from: number, to: number): void {
    if (this.#carryTooLong) return;
    this.#carryTooLong = this.#carry.length + to - from > MAX_TOKEN_BYTES;
    this.#carry = this.#carryTooLong ? NOTHING : Buffer.concat([this.#carry, bytes.subarray(from, to)]);
  }

  #fail(at: number, reason = `it is not JSON at byte ${this.#offset + at}`): number {
    this.#fault = reason;
    return at;
  }
}
