import { UsageError } from "../core/errors";
import { HIDDEN, printable } from "../core/printable";
import { isScheme, rowOf, SCHEMES, type Scheme } from "./schemes";

/** A store URI that fits the grammar. */
export interface StoreUri {
  readonly scheme: Scheme;
  /** Decoded body: a path, a name, or for `command:` the argv. */
  readonly target: string | readonly string[];
  readonly options: ReadonlyMap<string, string>;
  /** Canonical text: two URIs with the same text name the same store. */
  readonly text: string;
}

/** @throws {StoreUriError} A URI that does not fit the grammar; the message names the rule and what is known. */
export class StoreUriError extends UsageError {}

/** The error for an option whose value breaks a rule, or for options that do not go together. */
export function badOption(uri: StoreUri, rule: string): StoreUriError {
  return new StoreUriError(`${printable(uri.text)}: ${rule}.`);
}

/**
 * Reads a store URI.
 * @throws {StoreUriError} on an unknown scheme, an unknown option or a body that does not fit its scheme.
 */
export function parseStoreUri(input: string): StoreUri {
  const text = input.trim();
  const fail = (reason: string): StoreUriError =>
    new StoreUriError(`The store URI "${printable(text)}" is not valid: ${reason}.`);
  // A name that somebody else chose may hold such, to look like another one or to forge a line; percent-encoded it shows.
  if (HIDDEN.test(text)) throw fail("it contains a control character, or another that does not show");

  const colon = text.indexOf(":");
  const scheme = text.slice(0, Math.max(colon, 0));
  if (!isScheme(scheme)) {
    throw fail(
      `${colon < 0 ? "it has no scheme" : "its scheme is unknown"}; known are ${Object.keys(SCHEMES).join(", ")}`,
    );
  }
  const grammar = rowOf(scheme);
  const rest = text.slice(colon + 1);
  const query = rest.indexOf("?", grammar.queryFrom?.(rest));
  const body = query < 0 ? rest : rest.slice(0, query);

  const parsed = grammar.parse(body);
  if ("reason" in parsed) throw fail(`${parsed.reason}; it is written ${grammar.form}`);

  const options = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query < 0 ? "" : rest.slice(query + 1))) {
    if (!Object.hasOwn(grammar.options, name)) {
      const known = Object.keys(grammar.options);
      throw fail(
        `the option "${printable(name)}" is unknown; ${known.length ? `known are ${known.join(", ")}` : `${scheme}: has none`}`,
      );
    }
    if (options.has(name)) throw fail(`the option "${name}" is given twice`);
    options.set(name, value);
  }
  const sorted = new URLSearchParams([...options].sort(([a], [b]) => (a < b ? -1 : 1))).toString();
  return {
    scheme,
    target: parsed.target,
    options,
    text: `${scheme}:${parsed.canonical}${sorted ? `?${sorted}` : ""}`,
  };
}
