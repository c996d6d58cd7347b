import { BrokenInput } from "./broken-input";
import type { Git } from "./git";

/** What a person calls an object of a repository. */
export interface GitName {
  readonly path?: string;
  /** The first commit that has it. */
  readonly commit?: string;
}

/** Finding the commit reads the whole history: so many are worth it, the others are named by their path alone. */
const MAX_COMMITS_SOUGHT = 50;
const EVERYTHING = ["--all", "--reflog"];

/** The names of objects in which something was found; one that no branch and no reflog reaches has none. */
export async function gitNames(git: Git, ids: ReadonlySet<string>): Promise<ReadonlyMap<string, GitName>> {
  const names = new Map<string, GitName>();
  if (ids.size === 0) return names;
  try {
    for await (const line of git.lines(["rev-list", "--objects", "--missing=allow-any", ...EVERYTHING])) {
      const id = line.slice(0, line.indexOf(" "));
      if (ids.has(id)) names.set(id, { path: line.slice(id.length + 1) || undefined });
    }
    for (const id of [...names.keys()].slice(0, MAX_COMMITS_SOUGHT)) {
      let commit: string | undefined;
      // The last line is the oldest: there it came in.
      const log = [
        "log",
        ...EVERYTHING,
        "-m",
        "--no-ext-diff",
        "--no-textconv",
        "--format=%H",
        `--find-object=${id}`,
      ];
      for await (const line of git.lines(log)) commit = line || commit;
      names.set(id, { ...names.get(id), commit });
    }
  } catch (error) {
    // A history with gaps: what has been named so far is better than nothing.
    if (!(error instanceof BrokenInput)) throw error;
  }
  return names;
}
