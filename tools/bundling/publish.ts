import { copyFile, mkdir, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * Makes the target folder hold exactly what the built one holds. A file appears whole or not at all, new ones come
 * before those that refer to them and stale ones go last, so that somebody who reads meanwhile finds a whole build.
 */
export async function publish(built: string, target: string): Promise<void> {
  const [next, previous] = await Promise.all([filesIn(built), filesIn(target)]);
  const added = next.filter((file) => !previous.includes(file));
  const kept = next.filter((file) => previous.includes(file));
  for (const file of [...added, ...kept]) await replace(join(built, file), join(target, file));
  // Another build may be about to rename its temporary files: those are its own to remove.
  const stale = previous.filter((file) => !next.includes(file) && !file.endsWith(".tmp"));
  for (const file of stale) await rm(join(target, file), { force: true });
}

async function replace(from: string, to: string): Promise<void> {
  const [next, previous] = await Promise.all([readFile(from), readFile(to).catch(() => undefined)]);
  if (previous?.equals(next)) return;
  const temporary = `${to}.${process.pid}.tmp`;
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, temporary);
  await rename(temporary, to);
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true }).catch(() => []);
  const files = await Promise.all(
    entries.map(async (entry) =>
      (await stat(join(folder, entry)).catch(() => undefined))?.isFile() ? [entry] : [],
    ),
  );
  return files.flat().sort();
}
