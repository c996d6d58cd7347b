import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "esbuild";

/**
 * Bundles each version of a package once. npm nests a copy under each package that asks for it where another version
 * stands at the top, and the bundler would ship them all. The one that is nested least counts, of several the first in the
 * lock file, so that the same sources give the same bytes.
 */
export function oneCopy(project: string): Plugin {
  return {
    name: "one-copy",
    setup({ onResolve, resolve }) {
      const copies = copiesIn(project);
      onResolve({ filter: namesOf(copies) }, async ({ path, importer, kind, resolveDir, pluginData }) => {
        if (pluginData === oneCopy) return undefined;
        const found = await resolve(path, { importer, kind, resolveDir, pluginData: oneCopy });
        for (const [copy, first] of copies) {
          if (found.path.startsWith(copy)) return { ...found, path: first + found.path.slice(copy.length) };
        }
        return undefined;
      });
    },
  };
}

/** From the folder of each copy to that of the first, with a separator at the end. */
function copiesIn(project: string): ReadonlyMap<string, string> {
  const { packages } = JSON.parse(readFileSync(join(project, "package-lock.json"), "utf8"));
  const first = new Map<string, string>();
  const copies = new Map<string, string>();
  const entries = Object.entries<{ version?: string }>(packages);
  for (const [path, { version }] of entries.sort(([one], [other]) => depthOf(one) - depthOf(other))) {
    const key = `${nameOf(path)}@${version}`;
    const folder = join(project, path, "/");
    const known = first.get(key);
    if (known === undefined) first.set(key, folder);
    else copies.set(folder, known);
  }
  return copies;
}

function depthOf(path: string): number {
  return path.split("node_modules/").length;
}

function nameOf(path: string): string {
  return path.replace(/^.*node_modules\//, "");
}

function namesOf(copies: ReadonlyMap<string, string>): RegExp {
  const names = [...copies.keys()].map((folder) => nameOf(folder.replaceAll("\\", "/")).replace(/\/$/, ""));
  return new RegExp(`^(?:${names.map((name) => name.replace(/[.+]/g, "\\$&")).join("|")})(?:/|$)`);
}
