import { Agent } from "node:https";
import type { Readable } from "node:stream";
import got, { CancelError, type Method } from "got";
import { proxyAgent, REQUEST_TIMEOUTS } from "../../http/connection";
import { startRequest } from "../../http/start-request";

const LARGEST_ANSWER_BYTES = 1024 * 1024;

/** Set, so that the library looks for none: it would take a proxy's, which the fetch finds itself. */
export const NO_AGENT = new Agent();

/** What Google's library gives its fetch, besides what the standard has. */
interface FetchOptions {
  readonly method?: string;
  readonly headers?: ConstructorParameters<typeof Headers>[0];
  readonly body?: unknown;
  readonly signal?: AbortSignal | null;
  /** Of a workload that shows a certificate; else a placeholder. */
  readonly agent?: unknown;
}

/**
 * A fetch within a time and a size, that checks certificates whatever the environment says, goes by HTTPS_PROXY and
 * NO_PROXY, and does not follow a redirect: a credential must not follow.
 * @throws {Error} with a `code` when there is no whole answer
 */
export async function boundedFetch(input: unknown, options: FetchOptions = {}): Promise<Response> {
  const url = String(input);
  const headers = new Headers(options.headers);
  // Not asking for compression leaves no bomb to unpack.
  headers.delete("accept-encoding");
  const agent = url.startsWith("https:") ? await agentFor(url, options.agent) : undefined;
  const sent = got(url, {
    method: (options.method ?? "GET") as Method,
    headers: Object.fromEntries(headers),
    ...(options.body ? { body: bodyOf(options.body) } : {}),
    ...(agent ? { agent: { https: agent } } : {}),
    ...(options.signal ? { signal: options.signal } : {}),
    https: { rejectUnauthorized: true },
    timeout: REQUEST_TIMEOUTS,
    request: startRequest,
    followRedirect: false,
    throwHttpErrors: false,
    decompress: false,
    retry: { limit: 0 },
    responseType: "buffer",
  });
  sent.on("downloadProgress", ({ transferred }) => {
    if (transferred > LARGEST_ANSWER_BYTES) sent.cancel();
  });
  try {
    const { statusCode: status, headers: answered, body } = await sent;
    if (status >= 300 && status < 400) throw fault("REDIRECT");
    return new Response(status === 204 ? null : new Uint8Array(body), {
      status,
      headers: Object.entries(answered).map(([name, value]) => [name, String(value)]),
    });
  } catch (error) {
    throw error instanceof CancelError ? fault("ANSWER_TOO_LARGE") : error;
  }
}

async function agentFor(url: string, given: unknown): Promise<Agent | undefined> {
  return given instanceof Agent && given !== NO_AGENT ? given : proxyAgent(url);
}

function bodyOf(body: unknown): string | Buffer | Readable {
  return body instanceof URLSearchParams ? body.toString() : (body as string | Buffer | Readable);
}

function fault(code: string): Error {
  return Object.assign(new Error(code), { code });
}
