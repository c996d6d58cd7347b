import { printable } from "./printable";

/** A command line as a POSIX shell reads it; what needs no quotes has none. */
export function words(argv: readonly string[]): string {
  return argv
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${printable(word).replaceAll("'", "'\\''")}'`))
    .join(" ");
}
