import { copyFileSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { SecretStore } from "./secret-store";

/** Which of the program's files do what: the content of its `parts.json`, which the build writes. */
export interface ProgramParts {
  /** Of what is in all files, hexadecimal. */
  readonly hash: string;
  /** What every apply needs. */
  readonly apply: readonly string[];
  /** What a store needs besides, by the scheme of its URIs. */
  readonly stores: Readonly<Record<string, readonly string[]>>;
}

/** Reads which parts a built program has. */
export function readParts(program: string): ProgramParts {
  return JSON.parse(readFileSync(join(program, "parts.json"), "utf8"));
}

/** Names of the files that a program needs to use these stores; of all, where one is known only to Terraform. */
export function namesFor(parts: ProgramParts, stores: readonly SecretStore[]): ReadonlySet<string> {
  const all = Object.values(parts.stores).flat();
  // The scheme of a URI that Terraform completes is known, if it stands there.
  const used = stores.flatMap(({ uri }) => parts.stores[uri.slice(0, uri.indexOf(":"))] ?? all);
  return new Set([...parts.apply, ...used]);
}

/** Copies these files into a folder, whose siblings, older copies, go. */
export function copyParts(program: string, names: ReadonlySet<string>, folder: string): void {
  rmSync(dirname(folder), { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of names) copyFileSync(join(program, name), join(folder, name));
}
