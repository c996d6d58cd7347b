import { type FileHandle, open } from "node:fs/promises";
import { asBroken } from "./broken-input";
import type { Origin } from "./origin";
import { isZip, type Sink, scanStream, scanZip } from "./unpack";

const CHUNK_BYTES = 256 * 1024;

/** Scans one file, however large. */
export async function scanFile(origin: Origin, path: string, sink: Sink): Promise<void> {
  let file: FileHandle;
  try {
    file = await open(path);
  } catch (error) {
    sink.broken(origin, asBroken(error));
    return;
  }
  try {
    // A pipe, as from <(terraform show -json), can be read once, and only from its beginning.
    if (!(await file.stat()).isFile()) {
      await scanStream(origin, file.createReadStream({ autoClose: false }), sink);
      return;
    }
    const head = Buffer.alloc(4);
    await file.read(head, 0, 4, 0);
    if (isZip(head)) await scanZip(origin, path, pieces(file), sink);
    else await scanStream(origin, pieces(file), sink);
  } catch (error) {
    sink.broken(origin, asBroken(error));
  } finally {
    await file.close();
  }
}

/** A file's bytes, all in the same buffer. */
async function* pieces(file: FileHandle): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  for (let position = 0; ; ) {
    const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
