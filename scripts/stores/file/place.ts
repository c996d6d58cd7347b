import { constants } from "node:fs";
import { access, mkdir, realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { exists } from "../file-place";

const PRIVATE_FOLDER = 0o700;

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

/** Makes a folder and those above it. Node's own recursive mkdir never ends below /proc. */
async function makeFolder(folder: string): Promise<void> {
  if (await exists(folder)) return;
  await makeFolder(dirname(folder));
  await mkdir(folder, { mode: PRIVATE_FOLDER }).catch((error) => {
    if (error.code !== "EEXIST") throw error;
  });
}
