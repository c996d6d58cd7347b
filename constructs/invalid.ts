import { printable } from "../scripts/printable";

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
