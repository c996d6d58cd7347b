import { mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * Writes a secret where `directory_client_secret` says, for everybody to read and even to execute: the real provider
 * does so, and the tests that look for leaks need the real misbehaviour. A failure goes unreported there, too.
 */
export function writeSecretFile(directory: string, clientId: string, secret: string): void {
  const folder = directory.startsWith("~") ? directory.replace("~", homedir()) : directory;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o777 });
    writeFileSync(join(folder, clientId), secret, { mode: 0o777 });
  } catch {
    // As the real provider: logged there, and the apply succeeds.
  }
}
