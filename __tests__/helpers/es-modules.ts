import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";

/**
 * Loads modules of ours that import libraries which are ES modules: Jest cannot load those itself on all Node.js lines.
 * @param files paths from the root of the repository
 * @returns what they export, all of it together
 */
export function loadEsModules<T>(...files: readonly string[]): T {
  const folder = mkdtempSync(join(tmpdir(), "genesys-secret-modules-"));
  try {
    const outfile = join(folder, "modules.cjs");
    const root = join(__dirname, "..", "..");
    const contents = files.map((file) => `export * from "./${file}";`).join("\n");
    const stdin = { contents, resolveDir: root, loader: "ts" } as const;
    buildSync({ stdin, outfile, bundle: true, format: "cjs", platform: "node", logLevel: "error" });
    return require(outfile) as T;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
