import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { missingTools } from "../tools";

/** A program and its arguments, by which another one is started: what comes after them is its command. */
export type Starter = readonly string[];

const succeeds = (command: string, ...args: string[]): boolean => spawnSync(command, args).status === 0;

const isRoot = process.getuid?.() === 0;
/** Root becomes another user by it; everybody else is one. */
export const missingSetpriv = isRoot ? missingTools("setpriv") : undefined;
export const notRoot = isRoot ? undefined : "it takes root to make files of other users";

/** Users, and groups, that are not root. */
export const [USER, ANOTHER] = [4242, 4243];

/** A user that is not root, whom the folder above the file's is opened to. */
export function asAnotherUser(file: string): Starter {
  chmodSync(dirname(dirname(file)), 0o777);
  return isRoot ? ["setpriv", `--reuid=${USER}`, `--regid=${USER}`, "--clear-groups"] : [];
}

/** Gives the folder, and what of it is named, to that user. */
export function give(...paths: string[]): void {
  if (isRoot) for (const path of paths) chownSync(path, USER, USER);
}

const UNSHARE = [
  ["unshare", "--mount"],
  ["unshare", "--user", "--map-root-user", "--mount"],
].find(([command, ...args]) => succeeds(command as string, ...args, "true"));
export const noMounts = UNSHARE === undefined ? "this user may make no mounts" : undefined;

/** Mounts that only the run sees. @param script makes them of `$file` and `$folder` */
export function mounted(file: string, script: string): Starter {
  const lines = `file=$1 folder=$2; shift 2; ${script}; exec "$@"`;
  return [...(UNSHARE as Starter), "sh", "-euc", lines, "sh", file, dirname(file)];
}

const FILL = 'cat /dev/zero >"$folder/fill" 2>&1 || true';
export const FULL_DISK = {
  exists: `exec 3<"$file"; umask 077; mount -t tmpfs -o size=64k none "$folder"; cat <&3 >"$file"; ${FILL}`,
  new: `mount -t tmpfs -o size=64k none "$folder"; ${FILL}`,
};
export const READ_ONLY = 'mount --bind "$folder" "$folder"; mount -o remount,bind,ro "$folder"';

/** A run whose files have at most this many blocks of 512 bytes. */
export const limitedTo = (blocks: number): Starter => ["sh", "-c", `ulimit -f ${blocks}; exec "$@"`, "sh"];

/** Whether flags can be set here: it takes a right that containers lack, and a file system that has them. */
export const HAS_FLAGS: boolean = (() => {
  const folder = mkdtempSync(join(tmpdir(), "genesys-secret-flags-"));
  const set = succeeds("chattr", "+i", folder);
  if (set) spawnSync("chattr", ["-i", folder]);
  rmdirSync(folder);
  return set;
})();

/** Plays what the system says of a file with such a flag. */
export const PLAYED = "strace -f -qq -o /dev/null -e inject=rename,renameat,renameat2:error=EPERM".split(" ");

export function setFlag(flag: string, path: string): void {
  if (HAS_FLAGS && !succeeds("chattr", `+${flag}`, path)) throw new Error(`chattr +${flag} ${path}`);
}

export function clearFlag(flag: string, path: string): void {
  if (HAS_FLAGS) spawnSync("chattr", [`-${flag}`, path]);
}

export const noFlags = HAS_FLAGS ? undefined : "this user, or this file system, has no such flags";
