import { type Entry, fromBuffer, type Options, open, type ZipFile } from "yauzl";
import { BrokenInput } from "./broken-input";
import type { Chunks } from "./peek";

/** A member of a zip archive. */
export interface ZipMember {
  readonly name: string;
  readonly size: number;
  /** @throws {BrokenInput} when it cannot be unpacked */
  read(): Promise<Chunks>;
}

// Names are only shown, never used as paths: the library need not refuse unusual ones.
const OPTIONS: Options = { lazyEntries: true, autoClose: false, decodeStrings: false };

/**
 * The members of an archive, folders left out, one after another.
 * @param archive the path of a file, or the bytes
 * @throws {BrokenInput} when it is no archive, or is cut short
 */
export async function* zipMembers(archive: string | Buffer): AsyncGenerator<ZipMember> {
  const zip = await opened(archive);
  try {
    for (;;) {
      const entry = await nextEntry(zip);
      if (!entry) return;
      // With decodeStrings off a name is bytes, whatever the types say.
      const name = Buffer.from(entry.fileName as unknown as Uint8Array).toString("utf8");
      if (!name.endsWith("/"))
        yield { name, size: entry.uncompressedSize, read: () => contentOf(zip, entry) };
    }
  } finally {
    zip.close();
  }
}

function opened(archive: string | Buffer): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, zip?: ZipFile): void => {
      if (zip) resolve(zip);
      else reject(broken(error));
    };
    if (typeof archive === "string") open(archive, OPTIONS, done);
    else fromBuffer(archive, OPTIONS, done);
  });
}

function nextEntry(zip: ZipFile): Promise<Entry | undefined> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void): void => {
      zip.removeListener("entry", onEntry);
      zip.removeListener("end", onEnd);
      zip.removeListener("error", onError);
      finish();
    };
    const onEntry = (entry: Entry): void => settle(() => resolve(entry));
    const onEnd = (): void => settle(() => resolve(undefined));
    const onError = (error: Error): void => settle(() => reject(broken(error)));
    zip.on("entry", onEntry);
    zip.on("end", onEnd);
    zip.on("error", onError);
    zip.readEntry();
  });
}

function contentOf(zip: ZipFile, entry: Entry): Promise<Chunks> {
  return new Promise((resolve, reject) => {
    try {
      zip.openReadStream(entry, (error, stream) => (stream ? resolve(whole(stream)) : reject(broken(error))));
    } catch (error) {
      // An encrypted member, or a method of compression that the library does not know.
      reject(broken(error as Error));
    }
  });
}

/** The library's own faults while reading (a size that is not as was said) have no code to know them by. */
async function* whole(chunks: Chunks): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks;
  } catch (error) {
    throw broken(error as Error);
  }
}

function broken(error: Error | null | undefined): BrokenInput {
  return new BrokenInput(`the zip archive cannot be read: ${error?.message ?? "unknown fault"}`);
}
