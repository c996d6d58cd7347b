import { printable } from "../../scripts/core/printable";
import type { Keys } from "./document";

/** A way for a secret to leave its store, as a rule finds it. */
export interface Finding {
  /** Where in the document. */
  readonly keys: Keys;
  /** Goes on after the attribute's name: "must not be set: …". No value, no full stop. */
  readonly why: string;
  /** What to do instead: a sentence. */
  readonly instead: string;
  /** Name of the genesyscloud_oauth_client whose secret it is, where it is one's. */
  readonly client?: string;
}

/** A finding, with what a person knows the place by. */
export interface Complaint extends Finding {
  /** Path of the construct. */
  readonly path: string;
  /** The attribute within it: `value`, or `provisioner[0].local-exec.environment.TOKEN`. */
  readonly attribute: string;
}

/** One error for all that is wrong with a stack. `mask` hides the known secrets: a construct's id may hold one. */
export function refusal(
  stack: string,
  complaints: readonly Complaint[],
  mask: (text: string) => string,
): Error {
  const lines = complaints.map(
    ({ path, attribute, why, instead }) =>
      `- ${shown(path, mask)}: ${shown(attribute, mask)} ${shown(why, mask)}. ${instead}`,
  );
  return new Error(
    [
      `The leak guard refuses the stack ${shown(stack, mask)}: a secret could get into a file.`,
      ...lines,
    ].join("\n"),
  );
}

function shown(text: string, mask: (text: string) => string): string {
  return printable(mask(text));
}
