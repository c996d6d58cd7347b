import { accessSync, constants, mkdirSync, readdirSync, realpathSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";

/** The folders of a PATH, each once; not those that npm puts first for a package's own commands. */
export function foldersOf(path: string): string[] {
  const folders = path.split(delimiter).filter((folder) => folder !== "" && !isOfPackage(folder));
  return [...new Map(folders.flatMap((folder) => realFolder(folder))).values()];
}

function isOfPackage(folder: string): boolean {
  return /node_modules[\\/]\.bin$|node-gyp-bin$/.test(folder);
}

/** @returns none when there is no such folder */
function realFolder(folder: string): [string, string][] {
  try {
    return [[realpathSync(folder), folder]];
  } catch {
    return [];
  }
}

/** @returns the path of a command, as a shell would find it */
export function findCommand(name: string, folders: readonly string[]): string | undefined {
  return folders.map((folder) => join(folder, name)).find(canRun);
}

function canRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Fills a folder with links to commands, so that it can be a PATH that has these and no others.
 * @returns the names of those that were found
 */
export function linkCommands(names: readonly string[], from: readonly string[], folder: string): string[] {
  mkdirSync(folder, { recursive: true });
  return names.filter((name) => {
    const path = findCommand(name, from);
    if (path !== undefined) symlinkSync(path, join(folder, name));
    return path !== undefined;
  });
}

/**
 * The same PATH without some commands: a folder that holds one of them is replaced by one of links to all the others.
 * @param place where such folders are made
 */
export function foldersWithout(
  hidden: readonly string[],
  folders: readonly string[],
  place: string,
): string[] {
  return folders.map((folder, index) => {
    if (!hidden.some((name) => canRun(join(folder, name)))) return folder;
    const shadow = join(place, String(index));
    const others = readdirSync(folder).filter((name) => !hidden.includes(name));
    linkCommands(others, [folder], shadow);
    return shadow;
  });
}
