import type { Plugin } from "esbuild";

/**
 * Has the bundler take our sources for the ES modules that they are. The package says `"type": "commonjs"` of what it
 * ships, for which the bundler would wrap each source in a function, as if it were required: a tenth more code, and
 * constants that are not inlined.
 */
export const esmSources: Plugin = {
  name: "esm-sources",
  setup: ({ onResolve, resolve }) => {
    onResolve({ filter: /^(\.|scripts\/)/ }, async ({ path, importer, kind, resolveDir, pluginData }) => {
      if (pluginData === esmSources || importer.includes("node_modules")) return undefined;
      const found = await resolve(path, { importer, kind, resolveDir, pluginData: esmSources });
      // A path without what the bundler knows of its package.
      return found.errors.length > 0 ? found : { path: found.path };
    });
  },
};
