import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { UsageError } from "./errors";

/**
 * Loads a part of the program. The copy that travels with a Terraform stack has only those that its applies need.
 * @param what what the user asked for, as the message's first words
 * @throws {UsageError} when the part was left out
 */
export async function loadPart<T>(what: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND" || isWhole()) throw error;
    throw new UsageError(
      `${what} is not in this copy of genesys-secret: one that travels with a stack has only what its applies need.`,
      "Use the command of the package: npx -p cdktf-genesyscloud-secure-oauth-client genesys-secret; or, for a store, synthesize the stack with it.",
    );
  }
}

/** Whether this is no such copy, which comes without the list of the parts. What is missing then is damage. */
function isWhole(): boolean {
  return existsSync(join(dirname(realpathSync(process.argv[1] as string)), "parts.json"));
}
