import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { SecretSearch } from "./find-secrets";
import type { ProcessTrace } from "./process-trace";
import { unpacked } from "./unpacked";

/** All that a run may have left. */
export interface Traces {
  /** Every file below is searched, hidden ones too. */
  readonly folders?: readonly string[];
  /** What it said, by what it is called: "stdout", "the sandbox's journal". */
  readonly texts?: Readonly<Record<string, string | Buffer>>;
  readonly processes?: ProcessTrace;
}

/** What a sweep looked at, and what it found; never a secret. */
export interface SweepResult {
  readonly files: number;
  readonly bytes: number;
  /**
   * Where a secret stands, and in which form: "PATH: secret 0, raw", "arguments of PID PROGRAM: …",
   * "environment of PID PROGRAM: …", "written to PATH: …", or a text's name and so on.
   */
  readonly findings: readonly string[];
}

/** Searches every byte that a run may have left for secrets, in every encoding, packed or not. */
export function sweep(
  { folders = [], texts = {}, processes }: Traces,
  secrets: readonly string[],
): SweepResult {
  const files = folders.flatMap(filesBelow);
  const wanted = new SecretSearch(secrets);
  const findings: string[] = [];
  let bytes = 0;
  const search = (place: string, content: string | Buffer): void => {
    const whole = Buffer.isBuffer(content) ? content : Buffer.from(content);
    for (const part of [whole, ...unpacked(whole)]) {
      bytes += part.length;
      findings.push(...wanted.in(part).map((found) => `${place}: ${found}`));
    }
  };
  for (const path of files) search(path, readFileSync(path));
  for (const [name, text] of Object.entries(texts)) search(name, text);
  for (const { pid, program, argv, environment } of processes?.starts ?? []) {
    search(`arguments of ${pid} ${program}`, argv.join("\0"));
    search(`environment of ${pid} ${program}`, environment.join("\0"));
  }
  for (const [path, content] of processes?.written ?? []) search(`written to ${path}`, content);
  return { files: files.length, bytes, findings };
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}
