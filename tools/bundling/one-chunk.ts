import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";

/**
 * Keeps what a module needs in one chunk, whatever else is loaded when used. esbuild cuts along who shares what, into
 * a dozen small files that the module's every start would load one by one; so all that is loaded when used is made
 * to share the whole of it. It is there already when a store is loaded; `audit` and `sandbox` load some of it in vain.
 * @param module absolute path of its source
 * @param folders absolute paths of the sources that may be changed so
 * @param byPattern what is loaded by a path that is put together at run time, of which a plugin is not told
 */
export function inOneChunk(module: string, folders: readonly string[], byPattern: RegExp): Plugin {
  return {
    name: "in-one-chunk",
    setup(build) {
      const loadedWhenUsed = new Set<string>();
      build.onResolve({ filter: /^\./ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
        // What a plugin asks is not asked again: two that ask each other never end.
        if (kind !== "dynamic-import" || pluginData !== undefined) return undefined;
        const found = await build.resolve(path, { kind, importer, resolveDir, pluginData: { asked: true } });
        const isOurs = folders.some((folder) => found.path.startsWith(folder));
        if (found.path !== module && isOurs) loadedWhenUsed.add(found.path);
        return found;
      });
      build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        if (!loadedWhenUsed.has(path) && !byPattern.test(path)) return undefined;
        const source = await readFile(path, "utf8");
        return { contents: `${source}\nimport ${JSON.stringify(module)};\n`, loader: "ts" };
      });
    },
  };
}
