import type { HclToken } from "./hcl-tokens";

/** What an expression takes from an object: `.name` or `["name"]`, one of several by number or splat, or what only Terraform knows. */
export type Step = { readonly name: string } | "one of several" | "computed";

/** The steps that follow a name in an expression. */
export interface Traversal {
  readonly steps: readonly Step[];
  /** Index of the first token behind it. */
  readonly end: number;
}

/** Reads `.a`, `["a"]`, `[0]`, `.0`, `[*]`, `.*` and `[anything]` from the token at `at`. */
export function traverse(tokens: readonly HclToken[], at: number): Traversal {
  const steps: Step[] = [];
  let end = at;
  for (;;) {
    const next = tokens[end + 1];
    if (isPunctuation(tokens[end], ".") && next && (next.kind !== "punctuation" || next.text === "*")) {
      steps.push(next.kind === "name" ? { name: next.text } : "one of several");
      end += 2;
    } else if (isPunctuation(tokens[end], "[")) {
      const close = closing(tokens, end);
      steps.push(bracketed(tokens.slice(end + 1, close)));
      end = close + 1;
    } else return { steps, end };
  }
}

function bracketed(inside: readonly HclToken[]): Step {
  const [only] = inside;
  if (only === undefined || inside.length > 1) return "computed";
  if (only.kind === "plain string") return { name: only.text };
  return only.kind === "number" || only.text === "*" ? "one of several" : "computed";
}

function closing(tokens: readonly HclToken[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at += 1) {
    if (isPunctuation(tokens[at], "[")) depth += 1;
    if (isPunctuation(tokens[at], "]")) depth -= 1;
    if (depth === 0) return at;
  }
  return tokens.length;
}

/** Whether the token is that character, and not a string which holds it. */
export function isPunctuation(token: HclToken | undefined, text: string): boolean {
  return token?.kind === "punctuation" && token.text === text;
}

/** Whether the token at `at` is that name, and begins a reference: what follows a dot is another thing's attribute. */
export function begins(tokens: readonly HclToken[], at: number, name: string): boolean {
  const token = tokens[at];
  return token?.kind === "name" && token.text === name && !isPunctuation(tokens[at - 1], ".");
}
