import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { SecretStore } from "./secret-store";

/** Which of the program's files do what: the content of its `parts.json`, which the build writes. */
export interface ProgramParts {
  /** What every apply needs. */
  readonly apply: readonly string[];
  /** What a store needs besides, by the scheme of its URIs. */
  readonly stores: Readonly<Record<string, readonly string[]>>;
}

/** Names of the files that a program needs to use these stores; of all, where one is known only to Terraform. */
export function namesFor(program: string, stores: readonly SecretStore[]): ReadonlySet<string> {
  const parts: ProgramParts = JSON.parse(readFileSync(join(program, "parts.json"), "utf8"));
  const all = Object.values(parts.stores).flat();
  // The scheme of a URI that Terraform completes is known, if it stands there.
  const used = stores.flatMap(({ uri }) => parts.stores[uri.slice(0, uri.indexOf(":"))] ?? all);
  return new Set([...parts.apply, ...used]);
}

/** Removes the files of other names. */
export function keepOnly(folder: string, names: ReadonlySet<string>): void {
  for (const name of readdirSync(folder)) if (!names.has(name)) rmSync(join(folder, name));
}
