/** Pieces of a stream; each is the consumer's only until the next is asked for. */
export type Chunks = AsyncIterable<Uint8Array>;

/** Reads a stream's first bytes, at least `count` when it has as many, and gives them back with all that follows. */
export async function peek(chunks: Chunks, count: number): Promise<{ head: Buffer; all: Chunks }> {
  const iterator = chunks[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  while (head.length < count) {
    const { done, value } = await iterator.next();
    if (done) break;
    head = Buffer.concat([head, value]);
  }
  return { head, all: joined(head, iterator) };
}

async function* joined(head: Buffer, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (head.length > 0) yield head;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

/** A whole stream in memory; undefined when it is larger than `limit`. */
export async function collect(chunks: Chunks, limit: number): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > limit) return undefined;
    parts.push(Buffer.from(chunk));
  }
  return Buffer.concat(parts);
}
