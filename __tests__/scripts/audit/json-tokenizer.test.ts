import fc from "fast-check";
import { JsonTokenizer } from "../../../scripts/audit/json-tokenizer";
import type { JsonVisitor } from "../../../scripts/audit/json-visitor";

/** Puts a document together again from what a tokenizer tells. */
class Builder implements JsonVisitor {
  readonly roots: unknown[] = [];
  /** Where each string that is a value was said to stand. */
  readonly strings: { offset: number; text: string }[] = [];
  readonly #open: (unknown[] | Record<string, unknown>)[] = [];
  readonly #keys: string[] = [];

  open(isArray: boolean): void {
    const container: unknown[] | Record<string, unknown> = isArray ? [] : {};
    this.#put(container);
    this.#open.push(container);
  }

  close(): void {
    this.#open.pop();
  }

  key(bytes: Buffer, start: number, end: number): void {
    this.#keys[this.#open.length] = JSON.parse(`"${bytes.toString("utf8", start, end)}"`);
  }

  string(bytes: Buffer, start: number, end: number, offset: number): void {
    const text = bytes.toString("utf8", start, end);
    this.strings.push({ offset, text });
    this.#put(JSON.parse(`"${text}"`));
  }

  literal(bytes: Buffer, start: number, end: number): void {
    this.#put(JSON.parse(bytes.toString("latin1", start, end)));
  }

  settle(): void {}

  #put(value: unknown): void {
    const parent = this.#open.at(-1);
    if (parent === undefined) this.roots.push(value);
    else if (Array.isArray(parent)) parent.push(value);
    else
      Object.defineProperty(parent, this.#keys[this.#open.length] as string, {
        value,
        enumerable: true,
        configurable: true,
      });
  }
}

/** Reads a text cut into pieces of this many bytes, each in memory that is overwritten afterwards, as a window is. */
function read(text: string, pieceBytes: number): { builder: Builder; fault: string | undefined } {
  const builder = new Builder();
  const tokenizer = new JsonTokenizer(builder);
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    const piece = Buffer.from(bytes.subarray(at, at + pieceBytes));
    tokenizer.write(piece);
    piece.fill(0);
  }
  tokenizer.end();
  return { builder, fault: tokenizer.fault };
}

const anyJson = fc.jsonValue({ maxDepth: 4 });
const pieceBytes = fc.integer({ min: 1, max: 40 });

test("gives the same as JSON.parse, however the text is cut, and where each value stands", () => {
  fc.assert(
    fc.property(anyJson, fc.constantFrom(undefined, 2), pieceBytes, (value, indent, size) => {
      const text = JSON.stringify(value, null, indent);
      const { builder, fault } = read(text, size);
      expect(fault).toBeUndefined();
      expect(JSON.stringify(builder.roots)).toBe(JSON.stringify([JSON.parse(text)]));
      const bytes = Buffer.from(text);
      for (const { offset, text: found } of builder.strings) {
        expect(bytes.toString("utf8", offset, offset + Buffer.byteLength(found))).toBe(found);
      }
    }),
  );
});

test("takes for broken what JSON.parse takes for broken", () => {
  const token = fc.constantFrom("{", "}", "[", "]", ",", ":", '"a"', '"', "1", "-", "true", "nul", " ", "\n");
  fc.assert(
    fc.property(fc.array(token, { minLength: 1, maxLength: 12 }), pieceBytes, (tokens, size) => {
      const text = `[${tokens.join("")}]`;
      const { fault, builder } = read(text, size);
      // Documents may follow one another here.
      fc.pre(fault !== undefined || builder.roots.length === 1);
      expect(fault === undefined).toBe(parses(text));
    }),
    { numRuns: 2000 },
  );
});

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
