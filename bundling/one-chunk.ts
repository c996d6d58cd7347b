import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Plugin } from "esbuild";

/**
 * Keeps what a module needs in one chunk, whatever else is loaded when used. esbuild cuts along who shares what, into
 * a dozen small files that the module's every start would load one by one; so every source of ours that is loaded when
 * used is made to share the whole of it. It is there already when a store is loaded; `audit` and `sandbox` load some
 * of it in vain.
 * @param module absolute path of its source, a .ts file
 */
export function inOneChunk(module: string): Plugin {
  return {
    name: "in-one-chunk",
    setup(build) {
      const loadedWhenUsed = new Set<string>();
      build.onResolve({ filter: /^\./ }, ({ path, kind, resolveDir }) => {
        const source = `${join(resolveDir, path)}.ts`;
        if (kind === "dynamic-import" && source !== module) loadedWhenUsed.add(source);
        // Only looked at: esbuild and the other plugins find it.
        return undefined;
      });
      build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        if (!loadedWhenUsed.has(path)) return undefined;
        const source = await readFile(path, "utf8");
        return { contents: `${source}\nimport ${JSON.stringify(module)};\n`, loader: "ts" };
      });
    },
  };
}
