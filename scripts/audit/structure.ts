import { JsonFrame } from "./json-frame";
import type { JsonVisitor } from "./json-visitor";
import { isClientId, isSecretShaped, SECRET_LENGTH } from "./secret-shape";
import type { Sighting } from "./sighting";
import { judge, OUTPUTS } from "./structure-rules";

/** What tells where a value stands; more than this much of it is nobody's name. */
const NAMING = new Set(["type", "name", "module", "mode", "address", "index_key"]);
const MAX_NAME_BYTES = 512;
/** Names that stand between an output or an argument and its value. */
const WRAPPERS = new Set(["value", "constant_value", "before", "after"]);
/** Names of a document's first level that make it a state, a plan or a plan's configuration. */
const TERRAFORM = new Set(["terraform_version", "format_version", "lineage"]);
/** More that is undecided at a time is judged by what is known so far. */
const MAX_PENDING = 10_000;
const UUID_LENGTH = 36;
const [DASH, CAPITAL_BIT] = [0x2d, 0x20];

/**
 * Follows a JSON document and finds secrets where the provider, outputs and provider blocks put them. A value is judged
 * only when the objects around it have ended: the type of a resource may stand after its attributes.
 */
export class Structure implements JsonVisitor {
  readonly #frames: JsonFrame[] = [];
  #depth = 0;
  #name: string | undefined;
  #bytes: Buffer = Buffer.alloc(0);
  #start = 0;
  #end = 0;
  readonly #found: (sighting: Sighting) => void;
  readonly #lineAt: (offset: number) => number;
  /** Whether the document is one of Terraform's by what its first level says. */
  isTerraform = false;
  /** Whether OpenTofu has encrypted it: nothing can be found in it. */
  isEncrypted = false;

  /** @param lineAt the line of an offset in the stream; asked for what has just been read only */
  constructor(found: (sighting: Sighting) => void, lineAt: (offset: number) => number) {
    this.#found = found;
    this.#lineAt = lineAt;
  }

  open(isArray: boolean): void {
    const parent = this.#frames[this.#depth - 1];
    // A thing in an array has the array's name.
    const name = parent === undefined ? "" : this.#currentName(parent);
    const inOutputs = parent !== undefined && (parent.inOutputs || OUTPUTS.has(name));
    this.#frames[this.#depth] ??= new JsonFrame();
    this.#frames[this.#depth]?.reset(name, inOutputs);
    this.#depth += 1;
    // Until a key comes, what stands here is called as the whole: only an array has things without a key.
    this.#name = isArray ? name : "";
  }

  close(): void {
    this.#depth -= 1;
    const frame = this.#frames[this.#depth] as JsonFrame;
    const parent = this.#frames[this.#depth - 1];
    for (const pending of frame.pending) frame.tell(pending);
    if (this.#depth === 0 || parent === undefined) {
      this.#judgeAll(frame);
      return;
    }
    for (const pending of frame.pending) parent.pending.push(pending);
    if (parent.pending.length > MAX_PENDING) this.#judgeAll(parent);
    // The id of an output or an argument stands in a wrapper of its own.
    for (const [wrapper, id] of frame.ids) if (WRAPPERS.has(wrapper)) parent.ids.set(frame.name, id);
    this.#name = parent.name;
  }

  key(bytes: Buffer, start: number, end: number): void {
    this.#name = undefined;
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
    if (this.#depth === 1) this.#recognize();
  }

  string(bytes: Buffer, start: number, end: number, offset: number): void {
    const frame = this.#frames[this.#depth - 1];
    const length = end - start;
    if (frame === undefined || length === 0) return;
    if (length === UUID_LENGTH && bytes[start + 8] === DASH) {
      const id = bytes.toString("latin1", start, end);
      if (isClientId(id)) frame.ids.set(this.#currentName(frame), id);
      return;
    }
    if (this.#mayBeSecret(frame, bytes, start, end)) this.#suspect(frame, textOf(bytes, start, end), offset);
    else if (length <= MAX_NAME_BYTES && this.#isNaming()) {
      const [name, text] = [this.#currentName(frame), textOf(bytes, start, end)];
      frame.texts.set(name, name === "index_key" ? JSON.stringify(text) : text);
    }
  }

  literal(bytes: Buffer, start: number, end: number): void {
    const frame = this.#frames[this.#depth - 1];
    if (frame === undefined) return;
    const length = this.#name === undefined ? this.#end - this.#start : this.#name.length;
    // "sensitive", "after_sensitive", "before_sensitive"
    if (length === 9 || length === 15 || length === 16) {
      if (this.#currentName(frame).endsWith("sensitive")) frame.sensitive ||= bytes[start] === 0x74;
      if (this.#name === "index_key") frame.texts.set("index_key", bytes.toString("latin1", start, end));
    }
  }

  settle(): void {
    this.#currentName(this.#frames[this.#depth - 1]);
  }

  /** Whether a string may turn out to be a secret: by its name, or in an output by its shape. */
  #mayBeSecret(frame: JsonFrame, bytes: Buffer, start: number, end: number): boolean {
    if (this.#endsInSecret()) return true;
    const length = end - start;
    if (WRAPPER_LENGTHS.has(this.#nameLength()) && /secret$/i.test(frame.name)) {
      return WRAPPERS.has(this.#currentName(frame));
    }
    if (length !== SECRET_LENGTH) return false;
    return (
      (frame.inOutputs || WRAPPERS.has(this.#currentName(frame))) &&
      isSecretShaped(bytes.toString("latin1", start, end))
    );
  }

  #suspect(frame: JsonFrame, value: string, offset: number): void {
    const own = this.#currentName(frame);
    const path = this.#frames.slice(1, this.#depth).map(({ name }) => name);
    frame.pending.push({
      value,
      offset,
      line: this.#lineAt(offset),
      path: [...path, own],
      inOutputs: frame.inOutputs,
      name: own,
    });
  }

  #judgeAll(frame: JsonFrame): void {
    for (const pending of frame.pending) {
      const verdict = judge(pending);
      const { value, offset, line } = pending;
      if (verdict) this.#found({ value, offset, line, foundBy: "structure", ...verdict });
    }
    frame.pending = [];
  }

  #recognize(): void {
    const name = this.#currentName(this.#frames[0]);
    this.isTerraform ||= TERRAFORM.has(name);
    this.isEncrypted ||= name === "encrypted_data";
  }

  /** The last key as text; made only when it is asked for, since most keys never are. */
  #currentName(frame: JsonFrame | undefined): string {
    this.#name ??= frame === undefined ? "" : textOf(this.#bytes, this.#start, this.#end);
    return this.#name;
  }

  #nameLength(): number {
    return this.#name === undefined ? this.#end - this.#start : this.#name.length;
  }

  #isNaming(): boolean {
    const length = this.#nameLength();
    if (length !== 4 && length !== 6 && length !== 7 && length !== 9) return false;
    return NAMING.has(this.#currentName(this.#frames[this.#depth - 1]));
  }

  #endsInSecret(): boolean {
    if (this.#name !== undefined) return /secret$/i.test(this.#name);
    const bytes = this.#bytes;
    for (let index = 1; index <= SECRET.length; index += 1) {
      const byte = bytes[this.#end - index] as number;
      if (this.#end - index < this.#start || (byte | CAPITAL_BIT) !== SECRET[SECRET.length - index])
        return false;
    }
    return true;
  }
}

const SECRET = Buffer.from("secret");
const WRAPPER_LENGTHS = new Set([...WRAPPERS].map(({ length }) => length));

/** The text of a JSON string, its escapes resolved. */
function textOf(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString("utf8", start, end);
  if (!text.includes("\\")) return text;
  try {
    return JSON.parse(`"${text}"`);
  } catch {
    // An escape that JSON does not know: no name and no secret that we look for.
    return "";
  }
}
