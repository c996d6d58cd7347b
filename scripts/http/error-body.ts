/** Shortest text that is looked for: no secret and no token is shorter. */
const SHORTEST = 8;
const PLACEHOLDER = "[what was sent]";

/**
 * Reads the JSON body of an answer that refuses something, without what was sent: gateways quote the Authorization
 * header in their errors, servers the value that they do not take, and such a message is shown.
 * @param sent what must not show
 * @returns undefined when it is empty or no JSON
 */
export function errorBody(text: string, sent: readonly string[]): unknown {
  const hidden = sent.filter((one) => one.length >= SHORTEST);
  const withoutSent = (said: string): string =>
    hidden.reduce((shown, one) => shown.replaceAll(one, PLACEHOLDER), said);
  try {
    return JSON.parse(text, (_, value) => (typeof value === "string" ? withoutSent(value) : value));
  } catch {
    return undefined;
  }
}
