import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * The licenses of the packages that these files come from, for the bundle to carry: most demand it of every copy.
 * @param files Paths relative to the project, as esbuild's metafile has them.
 * @throws {Error} when a package neither has a license file nor names its license.
 */
export async function licensesOf(project: string, files: readonly string[]): Promise<string> {
  const folders = files.map((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]);
  const unique = [...new Set(folders.filter((folder) => folder !== undefined))].sort();
  const texts = await Promise.all(unique.map((folder) => licenseOf(join(project, folder))));
  return [...new Set(texts)].join(`\n${"-".repeat(80)}\n\n`);
}

async function licenseOf(folder: string): Promise<string> {
  const { name, version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  if (!file && !license) throw new Error(`The package ${name} names no license, so it cannot be bundled.`);
  const text = file ? (await readFile(join(folder, file), "utf8")).trim() : `License: ${license}`;
  return `${name} ${version}\n\n${text}\n`;
}
