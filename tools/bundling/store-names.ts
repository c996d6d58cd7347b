import { readFile, rename, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Metafile } from "esbuild";

/** A source in the folder of a scheme. */
const OF_SCHEME = /^scripts\/stores\/([^/]+)\/[^/]+\.ts$/;

/**
 * Puts its scheme before the name of each store's file. The bundler names a file after its source, and that is
 * `store.ts` for all of them: a reader of the package could not tell one from another.
 * @returns the metafile with those names
 */
export async function nameStores(folder: string, metafile: Metafile): Promise<Metafile> {
  const files = Object.entries(metafile.outputs).map(([file, output]) => ({
    name: basename(file),
    ...output,
  }));
  const names = new Map<string, string>();
  for (const { name, entryPoint } of files) {
    const scheme = OF_SCHEME.exec(entryPoint ?? "")?.[1];
    if (scheme) names.set(name, `${scheme}-${name}`);
  }
  const renamed = (text: string): string =>
    text.replace(/(?<![\w-])[a-z-]+-[0-9A-Z]{8}\.mjs/g, (name) => names.get(name) ?? name);
  for (const { name } of files) {
    const text = await readFile(join(folder, name), "utf8");
    const next = renamed(text);
    if (next !== text) await writeFile(join(folder, name), next);
    if (names.has(name)) await rename(join(folder, name), join(folder, names.get(name) as string));
  }
  return JSON.parse(renamed(JSON.stringify(metafile)));
}
