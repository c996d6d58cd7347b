import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, linkSync, mkdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { missingStrace } from "../engines";
import type { Refusal } from "../store-rows";
import { missingTools } from "../tools";
import {
  ANOTHER,
  asAnotherUser,
  clearFlag,
  FULL_DISK,
  give,
  HAS_FLAGS,
  limitedTo,
  missingSetpriv,
  mounted,
  noFlags,
  noMounts,
  notRoot,
  PLAYED,
  READ_ONLY,
  type Starter,
  setFlag,
  USER,
} from "./starters";

/** A state of a file and of its folder that decides whether the file can be replaced. */
export interface FileCondition extends Pick<Refusal, "condition" | "place" | "exit" | "calls"> {
  /** What a run says. */
  readonly says: readonly string[];
  readonly missing?: string;
  readonly cannotBe?: string;
  /** Brings it about. @returns by what a run has to be started. @default - by nothing else */
  readonly arrange?: (file: string) => Starter;
  /** Takes it away, so that the folder can be removed. */
  readonly undo?: (file: string) => void;
}

/** Runs something under the condition. @param file its path; it is there, or only its folder is */
export async function under<T>(
  { arrange, undo }: Pick<FileCondition, "arrange" | "undo">,
  file: string,
  run: (starter: Starter) => Promise<T>,
): Promise<T> {
  try {
    return await run(arrange?.(file) ?? []);
  } finally {
    undo?.(file);
  }
}

/** A flag, or where none can be set, what the system would say. */
function flagged(
  flag: string,
  of: (file: string) => string,
): Pick<FileCondition, "arrange" | "undo" | "missing"> {
  return {
    missing: HAS_FLAGS ? undefined : missingStrace,
    arrange: (file) => {
      setFlag(flag, of(file));
      return HAS_FLAGS ? [] : PLAYED;
    },
    undo: (file) => clearFlag(flag, of(file)),
  };
}

/** A folder of this mode, which the user of the run owns. */
export function ofMode(mode: number): Pick<FileCondition, "arrange" | "undo" | "missing"> {
  return {
    missing: missingSetpriv,
    arrange: (file) => {
      give(dirname(file), ...(existsSync(file) ? [file] : []));
      const starter = asAnotherUser(file);
      chmodSync(dirname(file), mode);
      return starter;
    },
    undo: (file) => chmodSync(dirname(file), 0o700),
  };
}

/** A file of these owners that the user of the run may write, in a folder of this mode. */
function ownedBy(
  user: number,
  group: number,
  folder: { readonly mode: number; readonly own: boolean },
): Pick<FileCondition, "arrange" | "missing" | "cannotBe"> {
  return {
    missing: missingSetpriv,
    cannotBe: notRoot,
    arrange: (file) => {
      const starter = asAnotherUser(file);
      chownSync(file, user, group);
      chmodSync(file, 0o660);
      if (folder.own) give(dirname(file));
      chmodSync(dirname(file), folder.mode);
      return starter;
    },
  };
}

const IMMUTABLE = "immutable, or nothing may be renamed there (EPERM)";

const FOLDERS = (["exists", "new"] as const).flatMap((place): readonly FileCondition[] => [
  {
    condition: "a folder that is a mount for reading only",
    place,
    says: ["(EROFS)"],
    cannotBe: noMounts,
    arrange: (file) => mounted(file, READ_ONLY),
  },
  {
    condition: "a full disk",
    place,
    says: ["(ENOSPC)"],
    cannotBe: noMounts,
    arrange: (file) => mounted(file, FULL_DISK[place]),
  },
  {
    condition: "a limit on the size of files that lets nothing be written (ulimit -f)",
    place,
    says: ["(EFBIG)"],
    arrange: () => limitedTo(0),
  },
  {
    condition: "a folder in which files may only be added (chattr +a)",
    place,
    says: [IMMUTABLE],
    ...flagged("a", dirname),
  },
  {
    condition: "a folder that is immutable (chattr +i)",
    place,
    says: [IMMUTABLE],
    cannotBe: noFlags,
    ...flagged("i", dirname),
  },
  {
    condition: "a folder that may be written and not read, so that no sync is possible",
    place,
    says: ["cannot be opened for the sync", "Run `chmod u+r "],
    ...ofMode(0o300),
  },
  {
    condition: "a folder that may be read and not written",
    place,
    says: ["(EACCES)"],
    ...ofMode(0o500),
  },
]);

/** What decides whether a file of this machine can be replaced, for each store that replaces one. */
export const FILE_CONDITIONS: readonly FileCondition[] = [
  {
    condition: "a file that is a mount of its own, as a container's volume of one file is",
    place: "exists",
    says: ["a mount of its own", "Mount the folder that it is in"],
    cannotBe: noMounts,
    arrange: (file) => mounted(file, 'mount --bind "$file" "$file"'),
  },
  {
    condition: "a file that is immutable (chattr +i)",
    place: "exists",
    says: [IMMUTABLE, "Run `lsattr -d "],
    ...flagged("i", (file) => file),
  },
  ...FOLDERS,
  {
    condition: "another user's file in a folder that is everybody's (sticky)",
    place: "exists",
    says: [`belongs to the user ${ANOTHER}`, "Run as the user that it belongs to"],
    ...ownedBy(ANOTHER, USER, { mode: 0o1777, own: false }),
  },
  {
    condition: "a folder that is everybody's, each file its owner's (sticky)",
    place: "new",
    exit: 0,
    calls: 1,
    says: [],
    missing: missingSetpriv,
    arrange: (file) => {
      chmodSync(dirname(file), 0o1777);
      return asAnotherUser(file);
    },
  },
  {
    condition: "another user's file in a folder of this user's",
    place: "exists",
    says: [`belongs to the user ${ANOTHER}`],
    ...ownedBy(ANOTHER, USER, { mode: 0o700, own: true }),
  },
  {
    condition: "a file of a group that this user is not in",
    place: "exists",
    says: [`the group ${ANOTHER}`],
    ...ownedBy(USER, ANOTHER, { mode: 0o700, own: true }),
  },
  {
    condition: "a file with another name, a hard link, which would keep the old secret",
    place: "exists",
    says: ["2 names (hard links)"],
    arrange: (file) => {
      linkSync(file, `${file}.other`);
      return [];
    },
  },
  {
    condition: "a named pipe in its place",
    place: "exists",
    says: ["it is not a regular file"],
    missing: missingTools("mkfifo"),
    arrange: (file) => {
      rmSync(file);
      spawnSync("mkfifo", [file]);
      return [];
    },
  },
  {
    condition: "a folder in its place",
    place: "exists",
    says: ["it is not a regular file"],
    arrange: (file) => {
      rmSync(file);
      mkdirSync(file);
      return [];
    },
  },
];
