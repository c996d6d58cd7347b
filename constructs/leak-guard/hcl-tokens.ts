/** A piece of an expression. A string is plain when it stands for itself: no interpolation, no escape. */
export interface HclToken {
  readonly kind: "name" | "number" | "string" | "plain string" | "punctuation";
  readonly text: string;
}

export type HclExpression = readonly HclToken[];

const NAME = /[\p{L}_][\p{L}\p{M}\p{N}_-]*/uy;
const NUMBER = /\d+/y;
const BLANK = /(?:\s|\/\*[\s\S]*?\*\/|(?:#|\/\/).*)+/y;

/**
 * The expressions of a template: what stands in its interpolations and directives, and in those of the strings inside
 * them, each as a list of tokens. `$${` and `%%{` are escapes, however many `$` or `%` stand before.
 */
export function expressionsIn(template: string): readonly HclExpression[] {
  const expressions: HclToken[][] = [];
  literal(template, 0, false, expressions);
  return expressions;
}

/** Reads the literal part of a template from `at`; of a quoted one up to its closing quote. Returns where it ends. */
function literal(text: string, at: number, quoted: boolean, expressions: HclToken[][]): number {
  let position = at;
  while (position < text.length) {
    const character = text[position];
    // A string has no line breaks: this quote was another thing's, of a heredoc's text perhaps.
    if (quoted && (character === '"' || character === "\n")) return position;
    const opens = (character === "$" || character === "%") && text[position + 1] === "{";
    if (quoted && character === "\\") position += 2;
    else if (opens && (position === at || text[position - 1] !== character)) {
      position = expression(text, position + 2, expressions);
    } else position += 1;
  }
  return position;
}

/** Reads an expression up to its closing brace, and returns where the text after that begins. */
function expression(text: string, at: number, expressions: HclToken[][]): number {
  const tokens: HclToken[] = [];
  expressions.push(tokens);
  let position = at;
  let braces = 0;
  while (position < text.length) {
    const blank = match(BLANK, text, position);
    position += blank.length;
    const character = text[position];
    if (character === undefined) break;
    const name = match(NAME, text, position);
    const number = match(NUMBER, text, position);
    if (character === '"') {
      const nested = expressions.length;
      const end = literal(text, position + 1, true, expressions);
      const content = text.slice(position + 1, end);
      const plain = expressions.length === nested && !/[\\$%]/.test(content);
      tokens.push({ kind: plain ? "plain string" : "string", text: content });
      position = end + 1;
    } else if (name || number) {
      tokens.push({ kind: name ? "name" : "number", text: name || number });
      position += (name || number).length;
    } else {
      if (character === "{") braces += 1;
      if (character === "}") braces -= 1;
      position += 1;
      if (braces < 0) break;
      tokens.push({ kind: "punctuation", text: character });
    }
  }
  return position;
}

function match(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}
