import { opendir } from "node:fs/promises";
import { join } from "node:path";
import { asBroken, type BrokenInput } from "./broken-input";

/** What a walk comes upon. */
export type Met =
  | { readonly kind: "file"; readonly path: string }
  /** A folder with a git repository of its own: `path` is the folder. */
  | { readonly kind: "repository"; readonly path: string }
  | { readonly kind: "broken"; readonly path: string; readonly fault: BrokenInput };

/**
 * Every regular file below a folder. Symbolic links are not followed: they lead out of what was named, or round in a
 * circle. What git keeps in `.git` is packed, and is read through git.
 */
export async function* walk(folder: string): AsyncGenerator<Met> {
  let entries: Awaited<ReturnType<typeof list>>;
  try {
    entries = await list(folder);
  } catch (error) {
    yield { kind: "broken", path: folder, fault: asBroken(error) };
    return;
  }
  for (const entry of entries) {
    const path = join(folder, entry.name);
    // A worktree and a submodule have a file of that name.
    if (entry.name === ".git") yield { kind: "repository", path: folder };
    else if (entry.isDirectory()) yield* walk(path);
    else if (entry.isFile()) yield { kind: "file", path };
  }
}

async function list(folder: string) {
  const entries = [];
  for await (const entry of await opendir(folder)) entries.push(entry);
  return entries.sort((one, other) => (one.name < other.name ? -1 : 1));
}
