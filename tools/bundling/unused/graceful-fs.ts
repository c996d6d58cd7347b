/** proper-lockfile's files: it uses none of what graceful-fs adds, which is patience with too many open files. */
export * from "node:fs";
