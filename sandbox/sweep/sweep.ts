import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, inflateRawSync } from "node:zlib";
import { encodings } from "./encodings";

/** What a sweep looked at, and what it found; never a secret. */
export interface SweepResult {
  readonly files: number;
  readonly bytes: number;
  /** Where a secret stands: "PATH: secret 0, raw". */
  readonly findings: readonly string[];
}

/** Which of the secrets stand in a text, in which form; by number, so that a report leaks nothing either. */
export function findSecrets(text: string | Buffer, secrets: readonly string[]): string[] {
  const haystack = Buffer.isBuffer(text) ? text : Buffer.from(text);
  return secrets.flatMap((secret, index) =>
    [...encodings(secret)]
      .filter(([, form]) => haystack.includes(form))
      .map(([name]) => `secret ${index}, ${name}`),
  );
}

/** Searches every byte of every file below the folders, and of the members of zip archives (plan files) and gzip files. */
export function sweepFolders(folders: readonly string[], secrets: readonly string[]): SweepResult {
  let files = 0;
  let bytes = 0;
  const findings: string[] = [];
  for (const path of folders.flatMap(filesBelow)) {
    const content = readFileSync(path);
    files += 1;
    for (const part of [content, ...unpacked(content)]) {
      bytes += part.length;
      findings.push(...findSecrets(part, secrets).map((found) => `${path}: ${found}`));
    }
  }
  return { files, bytes, findings };
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}

function unpacked(content: Buffer): Buffer[] {
  if (content.subarray(0, 2).equals(Buffer.from([0x1f, 0x8b]))) return [gunzipSync(content)];
  return content.subarray(0, 4).equals(Buffer.from("PK\u0003\u0004")) ? zipMembers(content) : [];
}

/** The members of a zip archive, found through its central directory. */
function zipMembers(zip: Buffer): Buffer[] {
  const members: Buffer[] = [];
  for (let at = zip.indexOf("PK\u0001\u0002"); at >= 0; at = zip.indexOf("PK\u0001\u0002", at + 4)) {
    const method = zip.readUInt16LE(at + 10);
    const size = zip.readUInt32LE(at + 20);
    const local = zip.readUInt32LE(at + 42);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const packed = zip.subarray(start, start + size);
    members.push(method === 8 ? inflateRawSync(packed) : packed);
  }
  return members;
}
