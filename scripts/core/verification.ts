import { type Environment, variable } from "./environment";
import { UsageError } from "./errors";
import { printable } from "./printable";

/** Whether this machine must see a secret log in, or must not try to. Where neither is said, it tries. */
export type Verification = "here" | "elsewhere";

/**
 * Where secrets are verified; a flag wins over SECRET_VERIFY.
 * @throws {UsageError} when it is neither "here" nor "elsewhere"
 */
export function readVerification(
  flags: { readonly verify?: string },
  environment: Environment,
): Verification | undefined {
  const text = flags.verify ?? variable(environment, "SECRET_VERIFY");
  if (text === undefined || text === "here" || text === "elsewhere") return text;
  throw new UsageError(
    `SECRET_VERIFY (or --verify) must be "here" or "elsewhere", it is "${printable(text)}".`,
  );
}
