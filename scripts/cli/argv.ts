import { UsageError } from "../core/errors";

/**
 * A command as a JSON array of its words: no shell, so nothing in it is ever interpreted.
 * @throws {UsageError} naming what it was to be read from, and the rule
 */
export function readArgv(text: string, from: string): readonly [string, ...string[]] {
  let argv: unknown;
  try {
    argv = JSON.parse(text);
  } catch {
    argv = undefined;
  }
  const isWord = (word: unknown): boolean => typeof word === "string" && !word.includes("\0");
  if (!Array.isArray(argv) || !argv.every(isWord) || String(argv[0] ?? "").trim() === "") {
    throw new UsageError(
      `${from} must be a command as a JSON array of strings, such as ["systemctl","restart","orders"].`,
    );
  }
  return argv as [string, ...string[]];
}
