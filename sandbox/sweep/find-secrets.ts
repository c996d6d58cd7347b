import { MultiPattern } from "../../scripts/core/multi-pattern";
import { encodings } from "./encodings";

/** What is shorter stands in many texts by chance. */
const SHORTEST_FORM = 4;

/** Looks for secrets in every form, all in one pass: a long test has made hundreds. */
export class SecretSearch {
  /** What is said of each form: "secret 0, raw". A form that several names have is named by the first. */
  readonly #names: readonly string[];
  readonly #patterns: MultiPattern;

  constructor(secrets: readonly string[]) {
    const forms = secrets.flatMap((secret, index) =>
      [...encodings(secret)].map(([name, form]) => [form, `secret ${index}, ${name}`] as const),
    );
    const named = new Map(forms.filter(([form]) => form.length >= SHORTEST_FORM).reverse());
    this.#names = [...named.values()];
    this.#patterns = new MultiPattern([...named.keys()].map((form) => Buffer.from(form)));
  }

  /** Which of them stand in these bytes, in which form; by number, so that a report leaks nothing either. */
  in(bytes: Buffer): string[] {
    const found = new Set<string>();
    this.#patterns.search(bytes, 0, bytes.length, bytes.length, (_, pattern) => {
      found.add(this.#names[pattern] as string);
    });
    return [...found];
  }
}

/** Which of the secrets stand in a text, in which form: "secret 0, raw". */
export function findSecrets(text: string | Buffer, secrets: readonly string[]): string[] {
  return new SecretSearch(secrets).in(Buffer.isBuffer(text) ? text : Buffer.from(text));
}
