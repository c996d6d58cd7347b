/** Longest piece of other people's text that a message repeats, in characters. */
const MAX_LENGTH = 200;

// C0 and C1 controls, DEL, line separators and bidirectional overrides: what could forge a line or a terminal command.
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** Other people's text (a client's name, a server's message) made harmless for a terminal, a log and a CI runner. */
export function printable(text: string): string {
  const cut = text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
  return cut.replace(UNSAFE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** `printable` in double quotes, for names. */
export function quote(text: string): string {
  return `"${printable(text).replace(/"/g, '\\"')}"`;
}
