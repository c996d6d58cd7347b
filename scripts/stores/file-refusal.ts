import { dirname } from "node:path";
import { StoreFault, StoreNotReadyError } from "../core/errors";
import { printable } from "../core/printable";
import { exists } from "./file-place";
import { notReady } from "./store";
import type { StoreUri } from "./uri";

/** Why a file cannot be replaced, and what to do. */
export class FileRefusal extends StoreFault {
  constructor(
    reason: string,
    readonly remedy: string,
  ) {
    super(reason);
  }
}

/** Why a store that is a file is not ready, by what its preparation failed with. */
export async function fileNotReady(uri: StoreUri, path: string, error: unknown): Promise<StoreNotReadyError> {
  if (error instanceof StoreNotReadyError) return error;
  if (error instanceof StoreFault && !(error instanceof FileRefusal))
    return notReady(uri, error.message, "Move that file away, or name another, then run again.");
  const isThere = await exists(path).catch(() => false);
  const refusal = error instanceof FileRefusal ? error : refusalOf(path, error, isThere);
  return notReady(uri, refusal.message, refusal.remedy);
}

/**
 * What the file system says when nothing can be put in place of a file.
 * @param isThere whether the file exists
 */
function refusalOf(path: string, error: unknown, isThere: boolean): FileRefusal {
  const { code, syscall, path: at } = error as NodeJS.ErrnoException;
  if (syscall === "rename" && code === "EBUSY" && isThere)
    return new FileRefusal(
      "the file is a mount of its own, which nothing can be renamed over (EBUSY)",
      "Mount the folder that it is in, not the file alone, then run again.",
    );
  // Lacking permissions are EACCES; EPERM is what flags of the file system say.
  if (code === "EPERM" || (syscall === "rename" && code === "EACCES")) {
    const place = [dirname(path), ...(isThere ? [path] : [])].map(shellWord).join(" ");
    return new FileRefusal(
      `the file or its folder is immutable, or nothing may be renamed there (${code})`,
      `Run \`lsattr -d ${place}\`; where it shows the letter i or a, take it away with chattr, then run again.`,
    );
  }
  if (syscall === "open" && at === dirname(path))
    return new FileRefusal(
      `its folder cannot be opened for the sync that makes a write last (${code})`,
      `Run \`chmod u+r ${shellWord(dirname(path))}\`, then run again.`,
    );
  return new FileRefusal(
    `it cannot be written (${reasonOf(error)})`,
    "Make the folder writable for this user, or name another place, then run again.",
  );
}

/** The system's code only: messages of the file system are safe, but say the same at more length. */
export function reasonOf(error: unknown): string {
  if (error instanceof StoreNotReadyError || error instanceof StoreFault) return error.message;
  const { code } = error as NodeJS.ErrnoException;
  if (code === "EEXIST" || code === "ENOTDIR") return "a part of its path is not a folder";
  if (code === "ELOOP") return "its symbolic links lead in a circle";
  return code ?? "unknown fault";
}

/** A path as a word of a command that a shell runs. */
export function shellWord(path: string): string {
  return `'${printable(path).replaceAll("'", "'\\''")}'`;
}
