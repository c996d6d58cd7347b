import { spawnSync } from "node:child_process";

/** Where the command is that a name or path starts. */
export function commandPath(binary: string): string {
  const { stdout } = spawnSync("sh", ["-c", 'command -v "$0"', binary], { encoding: "utf8" });
  return stdout.trim();
}
