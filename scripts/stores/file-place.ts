import { readlink, realpath, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";

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
