import type { IncomingMessage } from "node:http";

const MAX_BYTES = 1_000_000;

/**
 * Reads a request's body to its end.
 *
 * @returns the text, empty when there is none; nothing when it is larger than a megabyte
 * @throws Error when the caller hangs up before the end
 */
export async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Read on: an answer in the middle of a request reaches few clients.
    if (size <= MAX_BYTES) chunks.push(chunk);
  }
  return size <= MAX_BYTES ? Buffer.concat(chunks).toString("utf8") : undefined;
}
