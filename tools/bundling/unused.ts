import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Plugin } from "esbuild";

/** Packages, or modules of them, of which no part is ever used; `unused/` has what stands in for each, and why. */
const UNUSED = [
  "bowser",
  "cacheable-lookup",
  "cacheable-request",
  "debug",
  "decompress-response",
  "form-data-encoder",
  "graceful-fs",
  "http2-wrapper",
  "isomorphic-ws",
  "jsonpath-plus",
  "open",
  "web-streams-polyfill/dist/ponyfill.es2018.js",
  "whatwg-url",
];

/** Replaces what would be shipped, and in part be loaded on every apply, for nothing. */
export function unusedPackages(project: string): Record<string, string> {
  return Object.fromEntries(
    UNUSED.map((name) => [
      name,
      join(project, "tools/bundling/unused", `${name.replace(/^.*\//, "").replace(/\.js$/, "")}.ts`),
    ]),
  );
}

const IS = /@sindresorhus[\\/]is[\\/]distribution[\\/]index\.js$/;

/**
 * Takes out of got's type checks those that got does not make: they stand in two objects, so that the bundler, which
 * keeps an object whole, would keep all of them.
 */
export function usedTypeChecks(project: string): Plugin {
  return {
    name: "used-type-checks",
    setup: ({ onLoad }) => {
      onLoad({ filter: IS }, async ({ path }) => {
        const used = await checksOfGot(project);
        const contents = (await readFile(path, "utf8")).replace(
          /^ {4}(\w+): (?:is|assert)\w+,\n/gm,
          (line, name) => (used.has(name) ? line : ""),
        );
        return { contents, loader: "js" };
      });
    },
  };
}

async function checksOfGot(project: string): Promise<ReadonlySet<string>> {
  const folder = join(project, "node_modules/got/dist/source");
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".js"));
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), "utf8")));
  const uses = texts.flatMap((text) => [...text.matchAll(/\b(?:is|assert)\.(\w+)/g)]);
  return new Set(uses.map(([, name]) => name as string));
}
