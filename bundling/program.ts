import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build, type Metafile } from "esbuild";
import { parse } from "protobufjs";
import { licensesOf } from "./licenses";
import { inOneChunk } from "./one-chunk";

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
    entryPoints: { "genesys-secret": "scripts/genesys-secret.ts" },
    outdir: folder,
    bundle: true,
    define: { PROGRAM_VERSION: JSON.stringify(version), TFPLUGIN5: await pluginProtocol(project) },
    platform: "node",
    target: "node20",
    // Chunks need ESM, and a folder without a package.json needs .mjs to say so.
    format: "esm",
    splitting: true,
    outExtension: { ".js": ".mjs" },
    chunkNames: "[name]-[hash]",
    minify: true,
    // Errors are told apart by the names of their classes.
    keepNames: true,
    legalComments: "none",
    // Parts of got that are never used, and would be loaded on every apply.
    alias: {
      "http2-wrapper": join(project, "bundling/unused/http2-wrapper.ts"),
      "cacheable-request": join(project, "bundling/unused/cacheable-request.ts"),
    },
    plugins: [inOneChunk(join(project, "scripts/commands/on-stores.ts"))],
    // The CommonJS packages inside call require() for Node's own modules.
    banner: {
      js: 'import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);',
    },
    metafile: true,
    logLevel: "silent",
  });
  await copyFile(join(project, "scripts", "launcher.cjs"), join(folder, "genesys-secret.cjs"));
  await writeFile(join(folder, "LICENSES.txt"), await licensesOf(project, Object.keys(metafile.inputs)));
  return metafile;
}

/**
 * What the sandbox's stand-in providers speak, parsed: a bundle has no file beside it to read. A text, which the bundler
 * puts where it is used: an object would go into the chunk that everything loads.
 */
async function pluginProtocol(project: string): Promise<string> {
  const proto = await readFile(join(project, "sandbox/providers/protocol/tfplugin5.proto"), "utf8");
  return JSON.stringify(JSON.stringify(parse(proto, { keepCase: true }).root.toJSON()));
}
