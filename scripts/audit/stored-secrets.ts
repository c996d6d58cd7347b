import { encodings } from "../core/encodings";
import { MultiPattern } from "../core/multi-pattern";
import type { Secret } from "../core/secret";
import type { Detector, Window } from "./detector";
import type { Found } from "./sighting";

/** A secret that a store holds, to be searched for as it is. */
export interface StoredSecret {
  readonly clientId: string;
  readonly secret: Secret;
  /** URI of the store. */
  readonly store: string;
}

/** One of the ways to write a secret. */
interface Form {
  readonly of: StoredSecret;
  readonly form: string;
  readonly bytes: Buffer;
}

/** A shorter value stands in many texts by chance. */
export const SHORTEST_SEARCHED = 8;

/** Finds the very secrets that stores hold, in every encoding; nothing is guessed. */
export class StoredSecrets implements Detector {
  readonly #forms: readonly Form[];
  readonly #patterns: MultiPattern;
  readonly lookAhead: number;

  constructor(secrets: readonly StoredSecret[]) {
    const forms = secrets.flatMap((of) =>
      [...encodings(of.secret.reveal())].map(([form, text]) => ({ of, form, bytes: Buffer.from(text) })),
    );
    // Of a secret without special characters most forms are the same: the first names them all.
    this.#forms = [
      ...new Map([...forms].reverse().map((form) => [form.bytes.toString("latin1"), form])).values(),
    ];
    this.#patterns = new MultiPattern(this.#forms.map(({ bytes }) => bytes));
    this.lookAhead = this.#patterns.longest;
  }

  search({ bytes, from, to, end, offset }: Window, found: Found): void {
    this.#patterns.search(bytes, from, to, end, (at, index) => {
      const { of, form } = this.#forms[index] as Form;
      found({
        value: of.secret.reveal(),
        offset: offset + at,
        foundBy: "value",
        what: `the secret in ${of.store}${form === "raw" ? "" : `, ${form}`}`,
        clientId: of.clientId,
      });
    });
  }
}
