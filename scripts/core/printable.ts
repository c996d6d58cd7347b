/** Longest piece of other people's text that a message repeats, in characters. */
const MAX_LENGTH = 200;

/**
 * What does not show, or moves what does: controls, format characters (bidirectional overrides among them), line
 * separators, halves of characters. It could forge a line, a terminal's command or a look.
 */
export const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/u;

// And the second of two number signs: "##[" and "##vso[" are commands to the CI runners of GitHub and Azure wherever
// they stand in a line.
const UNSAFE = new RegExp(`${HIDDEN.source}|(?<=#)#`, "gu");

/** Other people's text (a client's name, a server's message) made harmless for a terminal, a log and a CI runner. */
export function printable(text: string): string {
  return escaped(text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text);
}

/** `printable`, of any length. */
export function escaped(text: string): string {
  return text.replace(UNSAFE, (character) =>
    character
      .split("")
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}

/** A value as JSON that says the same, and is as harmless: a name in it is other people's text, too. */
export function harmlessJson(value: unknown, indent?: number): string {
  // The line breaks between the parts are ours; those in a string are escaped already.
  return JSON.stringify(value, null, indent).split("\n").map(escaped).join("\n");
}

/** `printable` in double quotes, for names. */
export function quote(text: string): string {
  return `"${printable(text).replace(/"/g, '\\"')}"`;
}
