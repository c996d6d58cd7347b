import { execFile } from "node:child_process";
import type { BigIntStats } from "node:fs";
import { promisify } from "node:util";
import { FileRefusal, shellWord } from "./file-refusal";
import type { Replacement } from "./replacement";

const run = promisify(execFile);

const PERMISSIONS = 0o7777n;
const OTHERS_MAY_READ_OR_WRITE = 0o006n;

/** How the system's cp copies what a file is besides its content. Node.js knows nothing of ACLs and extended attributes. */
const COPY_ATTRIBUTES =
  process.platform === "darwin" ? ["-p"] : ["--attributes-only", "--preserve=mode,xattr"];

/** @throws {FileRefusal} when the file has other names, which a replacement would not have */
export function assertOneName({ nlink }: BigIntStats): void {
  if (nlink > 1n)
    throw new FileRefusal(
      `the file has ${nlink} names (hard links), and the others would keep what it holds now`,
      "Make the other names symbolic links to this one, then run again.",
    );
}

/** @throws {FileRefusal} when users besides its own and its group may read or write it */
export function assertPrivate(path: string, { mode }: BigIntStats): void {
  // Windows has no such bits.
  if (process.platform !== "win32" && (mode & OTHERS_MAY_READ_OR_WRITE) !== 0n)
    throw new FileRefusal(
      `every user of this machine may read or write it (its mode is ${(mode & PERMISSIONS).toString(8).padStart(4, "0")})`,
      `Run \`chmod o-rw ${shellWord(path)}\`, then run again.`,
    );
}

/**
 * Gives a replacement, still empty, what the file is besides its content: owner, group, permissions, ACL and extended
 * attributes.
 * @throws {FileRefusal} when it cannot have them
 */
export async function takeAttributes(
  { file, sibling }: Replacement,
  path: string,
  of: BigIntStats,
): Promise<void> {
  if (process.platform === "win32") return;
  const { uid, gid } = await file.stat({ bigint: true });
  if (uid !== of.uid || gid !== of.gid) {
    await file.chown(Number(of.uid), Number(of.gid)).catch(({ code }: NodeJS.ErrnoException) => {
      throw new FileRefusal(
        `it belongs to the user ${of.uid} and the group ${of.gid}, which the user ${uid} cannot give to its replacement (${code})`,
        "Run as the user that it belongs to, or as root; or give the file to this user and its group, then run again.",
      );
    });
  }
  await file.chmod(Number(of.mode & PERMISSIONS));
  await copyHidden(path, sibling);
}

/** Copies the ACL and the extended attributes of a file. */
async function copyHidden(from: string, to: string): Promise<void> {
  try {
    await tool("cp", [...COPY_ATTRIBUTES, "--", from, to]);
  } catch {
    const about = await tool("cp", ["--version"]).catch(() => "");
    if (process.platform === "darwin" || /coreutils/i.test(about))
      throw new FileRefusal(
        "its ACL or its extended attributes cannot be copied to its replacement",
        "Take them away with setfacl or setfattr, or name another place, then run again.",
      );
    // A cp that knows only permissions, such as BusyBox's: then there must be nothing else to copy.
    const hidden = await Promise.all([
      tool("getfattr", ["--match=-", "--absolute-names", "--", from]).catch(() => ""),
      tool("getfacl", ["--skip-base", "--absolute-names", "--", from]).catch(() => ""),
    ]);
    if (hidden.some((text) => text.trim() !== ""))
      throw new FileRefusal(
        "it has an ACL or extended attributes, which the cp of this system cannot copy to its replacement",
        "Install GNU coreutils, then run again.",
      );
  }
}

/** Runs a program of the system, which gets paths only, and no credential. */
async function tool(program: string, args: readonly string[]): Promise<string> {
  return (await run(program, args, { env: { PATH: process.env.PATH, LC_ALL: "C" } })).stdout;
}
