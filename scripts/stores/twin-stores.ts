import { printable } from "../core/printable";
import type { StoreUri } from "./uri";

/** Stores of one value. What a program does with its standard input nobody knows. */
const BARE: readonly string[] = [
  "github-actions",
  "github-env",
  "gitlab",
  "gitlab-dotenv",
  "command",
  "stdout",
];

/**
 * Why twins cannot be kept in these stores; undefined when they can. Whoever uses twins is told from one moment to the
 * next to use the other client: id and secret must change together, and what is in use must be read before a rotation.
 */
export function refusalOfTwins(uris: readonly StoreUri[]): string | undefined {
  const bare = uris.find(
    ({ scheme, options }) => BARE.includes(scheme) || (scheme === "aws-ssm" && options.has("field")),
  );
  if (bare) {
    return `${printable(bare.text)} holds the bare secret, and with twins the client id changes together with it`;
  }
  if (uris.every(({ scheme }) => scheme === "genesys-credential")) {
    return "none of the stores can be read back, and only a stored secret tells which of the twins is in use";
  }
  return undefined;
}
