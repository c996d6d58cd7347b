import { lstat, realpath, stat } from "node:fs/promises";
import { UsageError } from "../core/errors";
import { printable } from "../core/printable";

/** What one argument names. */
export type Input =
  | { readonly kind: "stdin" }
  | { readonly kind: "folder"; readonly path: string }
  /** Also a pipe, as from `<(…)`. */
  | { readonly kind: "file"; readonly path: string };

/** What the arguments name. @throws {UsageError} when there is none, or one that does not exist */
export async function readInputs(paths: readonly string[]): Promise<readonly Input[]> {
  if (paths.length === 0)
    throw new UsageError("Nothing to audit is named.", "Name files or folders, or - for standard input.");
  if (paths.filter((path) => path === "-").length > 1)
    throw new UsageError("Standard input (-) is named twice.");
  return Promise.all(paths.map(inputAt));
}

async function inputAt(path: string): Promise<Input> {
  if (path === "-") return { kind: "stdin" };
  try {
    const found = await stat(path);
    return { kind: found.isDirectory() ? "folder" : "file", path };
  } catch (error) {
    const link = await lstat(path).catch(() => undefined);
    const what = link
      ? "is a symbolic link that leads nowhere"
      : `cannot be read (${(error as NodeJS.ErrnoException).code})`;
    throw new UsageError(`"${printable(path)}" ${what}.`, "Correct the path and run again.");
  }
}

/** A path with its links resolved, to tell whether two are the same file; as it is when it does not exist. */
export async function identityOf(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}
