import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { asBroken, BrokenInput } from "./broken-input";
import { type Origin, within } from "./origin";
import { type Chunks, collect, peek } from "./peek";
import type { Scan } from "./scanner";
import { zipMembers } from "./unzip";

/** Where what was read goes. */
export interface Sink {
  /** A scanner for one stream. */
  scanner(): { push(chunk: Uint8Array): void; end(): Scan };
  scanned(origin: Origin, scan: Scan): void;
  broken(origin: Origin, fault: BrokenInput): void;
}

/** An archive in an archive in …: nothing that anybody makes for a purpose is deeper. */
const MAX_DEPTH = 4;
/** An archive that is no file of its own is unpacked in memory. */
const MAX_ARCHIVE_IN_MEMORY = 48 * 1024 * 1024;
/** What a small file may unpack to, so that a bomb ends. */
const MAX_UNPACKED = 8 * 1024 ** 3;

/** Scans a stream; gzip and zip are unpacked, and what Windows writes as UTF-16 is read. Never throws for its content. */
export async function scanStream(origin: Origin, chunks: Chunks, sink: Sink): Promise<void> {
  const { head, all } = await peek(chunks, 4);
  if (origin.inside.length < MAX_DEPTH) {
    if (isZip(head)) return scanArchive(origin, all, sink);
    if (head[0] === 0x1f && head[1] === 0x8b) return scanGzip(origin, all, sink);
  }
  const encoding = utf16(head);
  return scanPlain(origin, encoding ? decoded(all, encoding) : all, sink);
}

/** Whether a file that begins so is a zip archive. */
export function isZip(head: Buffer): boolean {
  return head.subarray(0, 4).equals(Buffer.from("PK\u0003\u0004"));
}

/**
 * Scans the members of an archive; one that is broken is scanned as it is, for what stands in it uncompressed.
 * @param archive the path of a file, or the bytes
 * @param raw its bytes
 */
export async function scanZip(
  origin: Origin,
  archive: string | Buffer,
  raw: Chunks,
  sink: Sink,
): Promise<void> {
  try {
    for await (const member of zipMembers(archive)) {
      const inner = within(origin, member.name);
      await guarded(inner, sink, async () => scanStream(inner, limited(await member.read()), sink));
    }
  } catch (error) {
    sink.broken(origin, asBroken(error));
    await scanPlain(origin, raw, sink);
  }
}

async function scanArchive(origin: Origin, chunks: Chunks, sink: Sink): Promise<void> {
  await guarded(origin, sink, async () => {
    const archive = await collect(chunks, MAX_ARCHIVE_IN_MEMORY);
    if (archive) return scanZip(origin, archive, once(archive), sink);
    throw new BrokenInput(
      `an archive of more than ${MAX_ARCHIVE_IN_MEMORY / 1024 ** 2} MB that is not a file of its own; unpack it, or name the file`,
    );
  });
}

async function* once(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function scanGzip(origin: Origin, chunks: Chunks, sink: Sink): Promise<void> {
  await guarded(origin, sink, () =>
    scanStream(within(origin, "gunzipped"), limited(gunzipped(chunks)), sink),
  );
}

/** Scans bytes as they are; what was found before a stream broke is kept. */
async function scanPlain(origin: Origin, chunks: Chunks, sink: Sink): Promise<void> {
  const scanner = sink.scanner();
  await guarded(origin, sink, async () => {
    for await (const chunk of chunks) scanner.push(chunk);
  });
  sink.scanned(origin, scanner.end());
}

async function guarded(origin: Origin, sink: Sink, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    sink.broken(origin, asBroken(error));
  }
}

async function* gunzipped(chunks: Chunks): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip();
  // Its fault comes out of the reading side, too.
  pipeline(copied(chunks), gunzip).catch(() => undefined);
  yield* gunzip;
}

/** What unpacks keeps a piece for longer than it may. */
async function* copied(chunks: Chunks): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) yield Buffer.from(chunk);
}

async function* limited(chunks: Chunks): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > MAX_UNPACKED) throw new BrokenInput(`it unpacks to more than ${MAX_UNPACKED / 1024 ** 3} GB`);
    yield chunk;
  }
}

function utf16(head: Buffer): "utf-16le" | "utf-16be" | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  return head[0] === 0xfe && head[1] === 0xff ? "utf-16be" : undefined;
}

async function* decoded(chunks: Chunks, encoding: string): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of chunks) yield Buffer.from(decoder.decode(chunk, { stream: true }));
  yield Buffer.from(decoder.decode());
}
