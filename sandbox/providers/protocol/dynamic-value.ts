import { decode, ExtensionCodec, encode } from "@msgpack/msgpack";
import { isObject, type ObjectValue, UNKNOWN, Unknown, type Value } from "./value";

/** A value as it travels in a message. */
export interface DynamicValue {
  readonly msgpack: Uint8Array;
}

// The engines write an unknown value as extension 0, and one of which they know something (not null, a prefix) as
// extension 12. What they know is of no use here: both are simply unknown, and are answered as extension 0.
const PLAIN_UNKNOWN = 0;
const REFINED_UNKNOWN = 12;

const extensions = new ExtensionCodec();
extensions.register({
  type: PLAIN_UNKNOWN,
  encode: (value: unknown) => (value instanceof Unknown ? new Uint8Array([0]) : null),
  decode: () => UNKNOWN,
});
extensions.register({ type: REFINED_UNKNOWN, encode: () => null, decode: () => UNKNOWN });

/** Packs `value` for a message; null stands for an object that does not exist. */
export function packValue(value: Value): DynamicValue {
  return { msgpack: encode(value, { extensionCodec: extensions }) };
}

/** Unpacks an object; null when it does not exist, or when the message holds none. */
export function unpackObject(packed: DynamicValue | null | undefined): ObjectValue | null {
  if (!packed || packed.msgpack.length === 0) return null;
  const value = decode(packed.msgpack, { extensionCodec: extensions }) as Value;
  if (value === null || isObject(value)) return value;
  throw new TypeError("The engine sent a value that is not an object.");
}
