import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** A package's license, as a copy of its code has to bring it along. */
interface License {
  /** "got 14.6.6", and the copyright notices. */
  readonly notice: string;
  /** The license itself. */
  readonly terms: string;
}

/** The folders of the packages that these files come from. @param files Paths relative to the project */
export function packagesOf(files: readonly string[]): ReadonlySet<string> {
  const folders = files.map((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]);
  return new Set(folders.filter((folder) => folder !== undefined).sort());
}

/**
 * The licenses of packages, for the bundle to carry: most demand it of every copy. Packages under the same terms share
 * them; each has its own copyright notice.
 * @throws {Error} when a package neither has a license file nor names its license.
 */
export async function licensesOf(project: string, packages: ReadonlySet<string>): Promise<string> {
  const licenses = await Promise.all([...packages].map((folder) => licenseOf(join(project, folder))));
  const terms = new Map<string, License[]>();
  for (const license of licenses) {
    // Neither quotes, nor where lines are broken, nor how it is headed makes another license.
    const key = license.terms
      .replace(/^\W*(the )?(mit|isc) licen[cs]e\b.*$/im, "")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, " ");
    terms.set(key, [...(terms.get(key) ?? []), license]);
  }
  return [...terms.values()]
    .map((shared) => {
      const notices = [...new Set(shared.map(({ notice }) => notice))].join("\n\n");
      return `${notices}\n\n${shared[0]?.terms}\n`;
    })
    .join(`\n${"-".repeat(80)}\n\n`);
}

async function licenseOf(folder: string): Promise<License> {
  const { name, version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  if (!file && !license) throw new Error(`The package ${name} names no license, so it cannot be bundled.`);
  const text = file ? (await readFile(join(folder, file), "utf8")).trim() : `License: ${license}`;
  const lines = text.split(/\r?\n/);
  const isNotice = (line: string): boolean => /^\W*copyright\b.*(\d{4}|\(c\)|©)/i.test(line);
  return {
    notice: [`${name} ${version}`, ...lines.filter(isNotice).map((line) => line.trim())].join("\n"),
    terms: lines
      .filter((line) => !isNotice(line))
      .join("\n")
      .replace(/\n{3,}/g, "\n\n")
      .trim(),
  };
}
