import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Section } from "./section";

const ROOT = join(__dirname, "../..");
/** Lines of the bindings of the whole provider, as its generator made them once: too large to make anew here. */
const ALL_BINDINGS_LINES = 179_640;

/** Sizes of what is shipped. */
export async function benchmarkSizes(): Promise<Section> {
  const program = join(ROOT, "dist/program");
  const files = readdirSync(program)
    .map((name) => ({
      name: name.replace(/-[A-Z0-9]{8}\.mjs$/, ""),
      bytes: statSync(join(program, name)).size,
    }))
    .filter(({ name }) => name !== "LICENSES.txt")
    .sort((a, b) => b.bytes - a.bytes);
  const [packed] = JSON.parse(
    execFileSync("npm", ["pack", "--dry-run", "--ignore-scripts", "--json"], {
      cwd: ROOT,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }),
  );
  const bindings = linesBelow(join(ROOT, ".gen/providers/genesyscloud"));
  return {
    title: "Sizes",
    setting: "The largest files of the program, the package, and the generated bindings.",
    columns: ["size"],
    rows: [
      { name: "package, packed", cells: [kilobytes(packed.size)] },
      { name: "package, unpacked", cells: [kilobytes(packed.unpackedSize)] },
      { name: "program, all files", cells: [kilobytes(files.reduce((sum, { bytes }) => sum + bytes, 0))] },
      ...files
        .slice(0, 12)
        .map(({ name, bytes }) => ({ name: `program, \`${name}\``, cells: [kilobytes(bytes)] })),
      { name: "bindings, cut to what is needed", cells: [`${bindings} lines`] },
      { name: "bindings of the whole provider", cells: [`${ALL_BINDINGS_LINES} lines`] },
    ],
    verdicts: [],
  };
}

function linesBelow(folder: string): number {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".ts"),
  );
  return names.reduce(
    (sum, name) => sum + readFileSync(join(folder, name), "utf8").split("\n").length - 1,
    0,
  );
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(0)} kB`;
}
