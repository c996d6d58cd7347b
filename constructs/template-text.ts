import { Fn } from "cdktf";
import { escaped } from "../scripts/core/printable";
import { expressionsIn, type HclExpression } from "./leak-guard/hcl-tokens";
import { isPunctuation, traverse } from "./leak-guard/traversal";

/** A token of CDKTF within a text. */
const TOKEN = /\$\{TfToken\[[^\]]*\]\}/g;
/** The same, or a reference that was written by hand; not what `$${` escapes. */
const TEMPLATE = /(?<!\$)\$\{([^{}]*)\}/g;

const QUOTE = Fn.rawString('"');

/** A text's rule about templates, for messages. */
export const NO_EXPRESSION =
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is Terraform's
  'hold no Terraform expression but tokens and references such as ${var.name} (write Fn.… for a function, "$${" and "%%{" for plain text)';

/** The same of a command's words, in which a reference would have to be quoted. */
export const NO_TEMPLATE =
  'hold no Terraform expression but tokens (write "$$' +
  '{" and "%%{" for plain text, such as a variable of the shell)';

/**
 * Whether Terraform would do more with a text than put a value in its place. A name may be somebody else's: that it
 * has a file read, as `file("/etc/passwd")` does, is not what it is there for, and a shell's variable is not meant
 * for Terraform. Tokens of CDKTF may be any expression.
 */
export function holdsExpression(text: string): boolean {
  return expressionsIn(text.replace(TOKEN, "")).some((tokens) => !isReference(tokens));
}

/** Whether a text holds a template that is no token of CDKTF. */
export function holdsHandWritten(text: string): boolean {
  return expressionsIn(text.replace(TOKEN, "")).length > 0;
}

/** A line of the environment whose values only Terraform knows: none of them can begin another line. */
export function oneLine(text: string): string {
  return text.replace(TEMPLATE, (template, expression) =>
    expression.startsWith("TfToken[")
      ? Fn.replace(template, "\n", "%0A")
      : `\${replace(${expression}, "\\n", "%0A")}`,
  );
}

/** Words as a JSON array; whatever a token turns out to be, it stays within its word. */
export function jsonWords(words: readonly string[]): string {
  return `[${words.map((word) => `"${jsonText(word)}"`).join(",")}]`;
}

function jsonText(word: string): string {
  let text = "";
  let end = 0;
  for (const { 0: token, index } of word.matchAll(TOKEN)) {
    text +=
      plainJson(word.slice(end, index)) + Fn.trimsuffix(Fn.trimprefix(Fn.jsonencode(token), QUOTE), QUOTE);
    end = index + token.length;
  }
  return text + plainJson(word.slice(end));
}

function plainJson(text: string): string {
  return escaped(JSON.stringify(text).slice(1, -1));
}

function isReference(tokens: HclExpression): boolean {
  if (tokens[0]?.kind !== "name" || tokens.some((token) => isPunctuation(token, "("))) return false;
  const { steps, end } = traverse(tokens, 1);
  return steps.length > 0 && end === tokens.length;
}
