import { encodings } from "./encodings";

/**
 * Which of the secrets stand in a text, in which form; by number, so that a report leaks nothing either. Forms that are
 * the same for a secret are named once, by the first.
 */
export function findSecrets(text: string | Buffer, secrets: readonly string[]): string[] {
  const haystack = Buffer.isBuffer(text) ? text : Buffer.from(text);
  return secrets.flatMap((secret, index) =>
    [...differentForms(secret)]
      .filter(([form]) => haystack.includes(form))
      .map(([, name]) => `secret ${index}, ${name}`),
  );
}

function differentForms(secret: string): ReadonlyMap<string, string> {
  return new Map([...encodings(secret)].reverse().map(([name, form]) => [form, name]));
}
