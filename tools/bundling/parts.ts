import type { Metafile } from "esbuild";
import type { ProgramParts } from "../../constructs/program-parts";
import { SCHEMES } from "../../scripts/stores/schemes";

const ENTRY = "scripts/cli/genesys-secret.ts";
/** The commands that run where Terraform does. */
const APPLY = "scripts/cli/in-apply.ts";

/** Finds the parts by what imports what. @throws {Error} when a command or a store has no file of its own */
export function partsOf({ outputs }: Metafile): Omit<ProgramParts, "hash"> {
  const fileOf = (source: string): string => {
    // The packages may be in another folder, to which a link leads.
    const found = Object.keys(outputs).find((file) => `/${outputs[file]?.entryPoint}`.endsWith(`/${source}`));
    if (!found) throw new Error(`The bundle has no file for ${source}, which has to be loaded by import().`);
    return found;
  };
  const stores = Object.keys(SCHEMES).map((scheme) => [scheme, fileOf(storeSource(scheme))] as const);
  const apart = new Set(stores.map(([, file]) => file));
  // The reader of an --env-file, which is for people: under Terraform the environment says it all.
  apart.add(fileOf("node_modules/dotenv/lib/main.js"));
  const entry = fileOf(ENTRY);

  const needs = (file: string, found = new Set<string>()): Set<string> => {
    if (found.has(file)) return found;
    found.add(file);
    for (const { path, kind, external } of outputs[file]?.imports ?? []) {
      // The program's other commands, and the stores, are loaded when asked for.
      const asked = kind === "dynamic-import" && (file === entry || apart.has(path));
      if (!external && !asked) needs(path, found);
    }
    return found;
  };
  const apply = new Set([...needs(entry), ...needs(fileOf(APPLY))]);
  return {
    apply: names(apply),
    stores: Object.fromEntries(
      stores.map(([scheme, file]) => [scheme, names([...needs(file)].filter((name) => !apply.has(name)))]),
    ),
  };
}

function storeSource(scheme: string): string {
  return `scripts/stores/${scheme}/store.ts`;
}

function names(files: Iterable<string>): string[] {
  return [...files].map((file) => file.replace(/^.*\//, "")).sort();
}
