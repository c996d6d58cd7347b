import { constants, gunzipSync, inflateRawSync } from "node:zlib";

const GZIP = Buffer.from([0x1f, 0x8b, 0x08]);
const ZIP_ENTRY = Buffer.from("PK\u0001\u0002");
/** Packed in packed: a plan file in the archive of a CI run, its logs in gzip. */
const MAX_DEPTH = 4;
const MAX_UNPACKED = 1024 ** 3;

/** What is packed in these bytes as gzip, or as members of a zip archive, wherever it begins; and what is packed in that. */
export function unpacked(content: Buffer, depth = 1): Buffer[] {
  const parts = [
    ...positions(content, GZIP).map((at) => gunzipped(content.subarray(at))),
    ...positions(content, ZIP_ENTRY).map((at) => zipMember(content, at)),
  ].filter((part) => part !== undefined);
  return depth === MAX_DEPTH ? parts : parts.flatMap((part) => [part, ...unpacked(part, depth + 1)]);
}

function positions(content: Buffer, pattern: Buffer): number[] {
  const found: number[] = [];
  for (let at = content.indexOf(pattern); at >= 0; at = content.indexOf(pattern, at + 1)) found.push(at);
  return found;
}

/** One that is cut off is unpacked as far as it goes. */
function gunzipped(packed: Buffer): Buffer | undefined {
  return attempt(() =>
    gunzipSync(packed, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: MAX_UNPACKED }),
  );
}

/** @param at where its entry in the archive's central directory begins */
function zipMember(zip: Buffer, at: number): Buffer | undefined {
  return attempt(() => {
    const method = zip.readUInt16LE(at + 10);
    const size = zip.readUInt32LE(at + 20);
    const local = zip.readUInt32LE(at + 42);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const packed = zip.subarray(start, start + size);
    // What is stored as it is has been searched with the archive; it may be packed itself.
    return method === 8 ? inflateRawSync(packed, { maxOutputLength: MAX_UNPACKED }) : packed;
  });
}

/** Bytes that only look like the beginning of something packed are nothing. */
function attempt(unpack: () => Buffer): Buffer | undefined {
  try {
    return unpack();
  } catch {
    return undefined;
  }
}
