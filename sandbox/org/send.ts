import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { finished } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Answer } from "./answer";

/** Sends an answer; resolves when it has left, or when the caller hung up first. */
export async function send(response: ServerResponse, answer: Answer): Promise<void> {
  const bytes = head(response, answer);
  response.end(bytes);
  // A caller that is gone is no fault of ours: what the request did stays done.
  await finished(response, { readable: false }).catch(() => undefined);
}

/** Announces the whole answer, sends half of its body and cuts the connection; resolves at once when the caller hung up first. */
export async function cutShort(response: ServerResponse, answer: Answer): Promise<void> {
  if (response.destroyed) return;
  const bytes = head(response, answer);
  const half = bytes.subarray(0, Math.floor(bytes.length / 2));
  await new Promise<void>((resolve) => {
    response.once("close", resolve);
    if (half.length === 0) response.flushHeaders();
    response.write(half, () => response.destroy());
  });
}

/** Sends the body a byte at a time, with a pause before each; ends early when the caller hangs up. */
export async function trickle(response: ServerResponse, answer: Answer, pauseMs: number): Promise<void> {
  const bytes = head(response, answer);
  response.flushHeaders();
  for (const byte of bytes) {
    await sleep(pauseMs);
    if (response.destroyed) return;
    response.write(Buffer.of(byte));
  }
  response.end();
  await finished(response, { readable: false }).catch(() => undefined);
}

function head(response: ServerResponse, { status, headers, body }: Answer): Buffer {
  const text = typeof body === "string" ? body : body === undefined ? "" : JSON.stringify(body);
  const bytes = Buffer.from(text, "utf8");
  const defaults: Record<string, string> = { "ININ-Correlation-Id": randomUUID() };
  if (body !== undefined)
    defaults["Content-Type"] = typeof body === "string" ? "text/plain" : "application/json";
  if (status !== 204 && status !== 304) defaults["Content-Length"] = String(bytes.length);
  response.statusCode = status;
  for (const [name, value] of Object.entries({ ...defaults, ...headers })) response.setHeader(name, value);
  return bytes;
}
