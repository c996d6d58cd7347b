/** What was to be looked at cannot be read, or not to its end. The message is safe to print. */
export class BrokenInput extends Error {}

/** A fault of reading a file, a stream or a packed stream, as what it is; others are thrown on. */
export function asBroken(error: unknown): BrokenInput {
  if (error instanceof BrokenInput) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code?.startsWith("Z_")) return new BrokenInput(`it cannot be unpacked to its end (${message})`);
  if (code !== undefined && /^E[A-Z0-9]+$/.test(code)) return new BrokenInput(`it cannot be read (${code})`);
  throw error;
}
