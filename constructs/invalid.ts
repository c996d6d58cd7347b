import { printable } from "../scripts/core/printable";

/** The error for a prop that breaks a rule: names the construct, the prop, the rule and what it got. */
export function invalid(path: string, prop: string, rule: string, got: unknown): Error {
  return new Error(`${path}: ${prop} must ${rule}, got ${describe(got)}.`);
}

/** Any value in a few words; what JSON cannot say is named by its kind. */
export function describe(value: unknown): string {
  if (value === undefined) return "undefined";
  try {
    return printable(JSON.stringify(value) ?? `a ${typeof value}`);
  } catch {
    return `a ${typeof value}`;
  }
}

/**
 * For calls that make a text of what they get: without this "undefined" would be a fine name.
 * @param texts what must be texts, by prop
 * @param optional what may be left out, too
 * @throws {Error} naming the prop and what it got
 */
export function assertTexts(
  call: string,
  texts: Readonly<Record<string, unknown>>,
  optional: Readonly<Record<string, unknown>> = {},
): void {
  const given = [
    ...Object.entries(texts),
    ...Object.entries(optional).filter(([, value]) => value !== undefined),
  ];
  const wrong = given.find(([, value]) => typeof value !== "string");
  if (wrong) throw new Error(`${call} must have a text as ${wrong[0]}, got ${describe(wrong[1])}.`);
  const broken = given.find(([, value]) => /\p{Cs}/u.test(value as string));
  if (broken)
    throw new Error(`${call} must have whole characters in ${broken[0]}, got ${describe(broken[1])}.`);
}

/** A list's items by their place in it, as a message names them: "argv[0]". */
export function listed(prop: string, list: readonly unknown[]): Record<string, unknown> {
  // What a list leaves out is an item, too.
  return Object.fromEntries(Array.from(list, (item, index) => [`${prop}[${index}]`, item]));
}
