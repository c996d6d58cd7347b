/** What the engine fills in later: a value that only an apply can know. */
export class Unknown {
  toString(): string {
    return "(known after apply)";
  }
}

/** The one unknown value. */
export const UNKNOWN = new Unknown();

/** A value of the configuration language; sets and lists are both arrays. */
export type Value = null | boolean | number | string | Unknown | Value[] | ObjectValue;

/** An object or a map. */
export interface ObjectValue {
  [name: string]: Value;
}

/** The text of `value`; undefined when it is null, unknown or no text. */
export function text(value: Value | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The number in `value`; undefined when it is null, unknown or no number. */
export function number(value: Value | undefined): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/** The texts of a set or list; empty when it is null or unknown. */
export function texts(value: Value | undefined): string[] {
  return Array.isArray(value) ? value.filter((element) => typeof element === "string") : [];
}

/** The objects of a nested block; empty when it is null or unknown. */
export function objects(value: Value | undefined): ObjectValue[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** Whether `value` is an object or a map: neither null, nor unknown, nor a list. */
export function isObject(value: Value | undefined): value is ObjectValue {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Unknown);
}

/** `value` with null wherever it is unknown, at any depth: what can be saved of a change that stopped halfway. */
export function withoutUnknown<T extends Value>(value: T): T;
export function withoutUnknown(value: Value): Value {
  if (value instanceof Unknown) return null;
  if (Array.isArray(value)) return value.map((element) => withoutUnknown(element));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, withoutUnknown(part)]));
}
