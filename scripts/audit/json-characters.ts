export const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
export const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = [0x7b, 0x7d, 0x5b, 0x5d];

const table = (characters: string): Uint8Array => {
  const bytes = new Uint8Array(256);
  for (const character of characters) bytes[character.charCodeAt(0)] = 1;
  return bytes;
};

/** White space of JSON, by byte. */
export const BLANK = table(" \t\r\n");
/** What a number, true, false or null is made of. */
export const LITERAL = table("0123456789+-.eEtrufalsn");
/** What ends the fast way through a string: its quote, an escape, and what may not stand in one. */
export const STRING_STOP = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < 0x20 || byte === QUOTE || byte === BACKSLASH ? 1 : 0,
);

const LITERAL_TEXT = /^(true|false|null|-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?)$/;

/** Whether these bytes are a number, true, false or null, whole. */
export function isLiteral(bytes: Buffer, start: number, end: number): boolean {
  // The many whole numbers of a state need no regular expression.
  let at = start;
  while (at < end && isDigit(bytes[at] as number, at > start)) at += 1;
  return (at === end && end > start) || LITERAL_TEXT.test(bytes.toString("latin1", start, end));
}

function isDigit(byte: number, zeroToo: boolean): boolean {
  return byte <= 0x39 && byte >= (zeroToo ? 0x30 : 0x31);
}
