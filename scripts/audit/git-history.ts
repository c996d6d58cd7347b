import { join } from "node:path";
import { asBroken, type BrokenInput } from "./broken-input";
import { Git } from "./git";
import { gitNames } from "./git-names";
import { gitObjects } from "./git-objects";
import type { Origin } from "./origin";
import type { Scan } from "./scanner";
import { type Sink, scanStream } from "./unpack";

/** The repository that a folder belongs to; undefined when there is none, or git is not installed. */
export async function repositoryOf(
  folder: string,
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  return new Git(folder, environment).line(["rev-parse", "--absolute-git-dir"]);
}

/** Whether a folder is a repository without a work tree. */
export async function isBare(folder: string, environment: NodeJS.ProcessEnv): Promise<boolean> {
  return (await new Git(folder, environment).line(["rev-parse", "--is-bare-repository"])) === "true";
}

/**
 * Scans all that a repository remembers: files of every commit, messages, tags, stashes, and what nothing leads to.
 * @param folder the repository, or a folder of its work tree
 */
export async function scanHistory(folder: string, environment: NodeJS.ProcessEnv, sink: Sink): Promise<void> {
  const git = new Git(folder, environment);
  // Names are looked up only for what something was found in: until then a file is called by its object's id.
  const told: { readonly id: string; readonly tell: (named: (origin: Origin) => Origin) => void }[] = [];
  try {
    for await (const { id, type, content } of gitObjects(git)) {
      const later: Sink = {
        scanner: () => sink.scanner(),
        scanned: (origin, scan) => {
          if (isBoring(scan)) sink.scanned(origin, scan);
          else told.push({ id, tell: (named) => sink.scanned(named(origin), scan) });
        },
        broken: (origin, fault: BrokenInput) => {
          told.push({ id, tell: (named) => sink.broken(named(origin), fault) });
        },
      };
      const file = join(
        folder,
        type === "blob" ? `(git object ${id.slice(0, 12)})` : `(message of ${type} ${id.slice(0, 12)})`,
      );
      await scanStream({ file, inside: [], isNamed: false }, content, later);
    }
  } catch (error) {
    sink.broken({ file: join(folder, ".git"), inside: [], isNamed: true }, asBroken(error));
  }
  const names = await gitNames(git, new Set(told.map(({ id }) => id)));
  const root = join(folder, (await git.line(["rev-parse", "--show-cdup"])) ?? "");
  for (const { id, tell } of told) {
    const { path, commit } = names.get(id) ?? {};
    tell((origin) => ({ ...origin, commit, ...(path === undefined ? {} : { file: join(root, path) }) }));
  }
}

function isBoring({ sightings, brokenJson, isTerraform }: Scan): boolean {
  return sightings.length === 0 && !(brokenJson && isTerraform);
}
