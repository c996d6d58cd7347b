import { createHash } from "node:crypto";
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { build, type Metafile } from "esbuild";
import { parse } from "protobufjs";
import type { ProgramParts } from "../../constructs/program-parts";
import { esmSources } from "./esm-sources";
import { licensesOf, packagesOf } from "./licenses";
import { inOneChunk } from "./one-chunk";
import { oneCopy } from "./one-copy";
import { partsOf } from "./parts";
import { nameStores } from "./store-names";
import { unusedPackages, usedTypeChecks } from "./unused";

const LAUNCHER = "genesys-secret.cjs";

/**
 * Bundles the program into a folder that runs wherever Node.js is, nothing installed: the launcher
 * `genesys-secret.cjs`, the program `genesys-secret.mjs`, and a chunk for each part that is loaded when used.
 * The same sources give the same bytes in any folder.
 * @returns what it is made of, by files relative to the project
 */
export async function buildProgram(project: string, folder: string): Promise<Metafile> {
  const { version } = JSON.parse(await readFile(join(project, "package.json"), "utf8"));
  const { metafile } = await build({
    absWorkingDir: project,
    entryPoints: { "genesys-secret": "scripts/cli/genesys-secret.ts" },
    outdir: folder,
    bundle: true,
    define: {
      PROGRAM_VERSION: JSON.stringify(version),
      TFPLUGIN5: await pluginProtocol(project),
      "Intl.ListFormat": "ListFormat",
    },
    inject: [join(project, "tools/bundling/unused/list-format.ts")],
    platform: "node",
    target: "node20",
    // Chunks need ESM, and a folder without a package.json needs .mjs to say so.
    format: "esm",
    splitting: true,
    outExtension: { ".js": ".mjs" },
    chunkNames: "[name]-[hash]",
    minify: true,
    legalComments: "none",
    // Of its parts only the parser; its other build calls a require() of its own, which the bundler does not see into.
    alias: { ...unusedPackages(project), "jsonc-parser": "jsonc-parser/lib/esm/impl/parser.js" },
    plugins: [
      inOneChunk(
        join(project, "scripts/cli/in-apply.ts"),
        [join(project, "scripts"), join(project, "sandbox")],
        /[\\/]scripts[\\/]stores[\\/][^\\/]+[\\/]store\.ts$/,
      ),
      oneCopy(project),
      esmSources,
      usedTypeChecks(project),
    ],
    // The CommonJS packages inside call require() for Node's own modules.
    banner: {
      js: 'import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);',
    },
    metafile: true,
    logLevel: "silent",
  });
  await copyFile(join(project, "scripts/cli/launcher.cjs"), join(folder, LAUNCHER));
  const named = await nameStores(folder, metafile);
  await describeParts(project, folder, named);
  return named;
}

/** Writes `parts.json`, and the licenses of the parts: a copy may hold some of the stores only. */
async function describeParts(project: string, folder: string, metafile: Metafile): Promise<void> {
  const { apply, stores } = partsOf(metafile);
  const packagesIn = (names: readonly string[]): ReadonlySet<string> => {
    const outputs = Object.entries(metafile.outputs).filter(([file]) => names.includes(basename(file)));
    return packagesOf(outputs.flatMap(([, { inputs }]) => Object.keys(inputs)));
  };
  const write = async (name: string, packages: ReadonlySet<string>): Promise<string[]> => {
    if (packages.size === 0) return [];
    await writeFile(join(folder, name), await licensesOf(project, packages));
    return [name];
  };
  const ofApply = packagesIn(apply);
  const ofStores = new Set(Object.values(stores).flat());
  const ofCommands = Object.keys(metafile.outputs)
    .map((file) => basename(file))
    .filter((name) => !ofStores.has(name));
  await write("LICENSES-commands.txt", without(ofApply, packagesIn(ofCommands)));
  const parts: Omit<ProgramParts, "hash"> = {
    apply: [LAUNCHER, ...apply, ...(await write("LICENSES.txt", ofApply))].sort(),
    stores: Object.fromEntries(
      await Promise.all(
        Object.entries(stores).map(async ([scheme, files]) => {
          const packages = without(ofApply, packagesIn(files));
          return [scheme, [...files, ...(await write(`LICENSES-${scheme}.txt`, packages))]];
        }),
      ),
    ),
  };
  const hash = await hashOf(folder, [...parts.apply, ...Object.values(parts.stores).flat()]);
  await writeFile(join(folder, "parts.json"), `${JSON.stringify({ hash, ...parts }, null, 2)}\n`);
}

async function hashOf(folder: string, names: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const name of [...new Set(names)].sort()) hash.update(name).update(await readFile(join(folder, name)));
  return hash.digest("hex").slice(0, 32);
}

function without(these: ReadonlySet<string>, all: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...all].filter((one) => !these.has(one)));
}

/**
 * What the sandbox's stand-in providers speak, parsed: a bundle has no file beside it to read. A text, which the bundler
 * puts where it is used: an object would go into the chunk that everything loads.
 */
async function pluginProtocol(project: string): Promise<string> {
  const proto = await readFile(join(project, "sandbox/providers/protocol/tfplugin5.proto"), "utf8");
  return JSON.stringify(JSON.stringify(parse(proto, { keepCase: true }).root.toJSON()));
}
