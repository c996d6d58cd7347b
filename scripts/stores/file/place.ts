import { constants } from "node:fs";
import { access, mkdir, readlink, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";

const PRIVATE_FOLDER = 0o700;
/** As many links one after another as Linux follows. */
const MOST_LINKS = 40;

/**
 * Where a path leads: behind a symbolic link the file it leads to is replaced, not the link, also when that file is not
 * there yet.
 * @throws with the code ELOOP when links lead in a circle
 */
export async function followed(path: string): Promise<string> {
  let place = path;
  for (let left = MOST_LINKS; left > 0; left -= 1) {
    const target = await linkAt(place);
    if (target === undefined) return place;
    const folder = dirname(place);
    place = resolve(await realpath(folder).catch(() => folder), target);
  }
  throw Object.assign(new Error("too many symbolic links"), { code: "ELOOP" });
}

/** Makes the folder of a file. @returns the file's path without symbolic links */
export async function inRealFolder(path: string): Promise<string> {
  await makeFolder(dirname(path));
  return join(await realpath(dirname(path)), basename(path));
}

/** @throws when the folder of a file is not there and cannot be made */
export async function assertFolderCanBeMade(path: string): Promise<void> {
  let folder = dirname(path);
  while (!(await exists(folder)) && dirname(folder) !== folder) folder = dirname(folder);
  await access(folder, constants.W_OK);
}

export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

/** What a symbolic link says; undefined when there is none. */
async function linkAt(path: string): Promise<string | undefined> {
  try {
    return await readlink(path);
  } catch (error) {
    // Something else is there, or nothing is. Windows says UNKNOWN for the former.
    if (["EINVAL", "ENOENT", "UNKNOWN"].includes((error as NodeJS.ErrnoException).code ?? ""))
      return undefined;
    throw error;
  }
}

/** Makes a folder and those above it. Node's own recursive mkdir never ends below /proc. */
async function makeFolder(folder: string): Promise<void> {
  if (await exists(folder)) return;
  await makeFolder(dirname(folder));
  await mkdir(folder, { mode: PRIVATE_FOLDER }).catch((error) => {
    if (error.code !== "EEXIST") throw error;
  });
}
