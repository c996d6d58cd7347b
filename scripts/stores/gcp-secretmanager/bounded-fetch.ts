import { Agent } from "node:https";
import type { Readable } from "node:stream";
import { send } from "../../http/client";
import { LIMITS } from "../../http/limits";

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
 * A fetch by the one client, whatever the environment says.
 * @throws {HttpFault} when there is no whole answer, or it is a redirect; Google's library shows its `code`
 */
export async function boundedFetch(input: unknown, options: FetchOptions = {}): Promise<Response> {
  const url = String(input);
  const { status, headers, body } = await send({
    method: options.method ?? "GET",
    url,
    limits: LIMITS.googleToken,
    headers: Object.fromEntries(new Headers(options.headers)),
    body: options.body ? bodyOf(options.body) : undefined,
    agent: url.startsWith("https:") ? agentOf(options.agent) : undefined,
    signal: options.signal ?? undefined,
  });
  return new Response(status === 204 ? null : new Uint8Array(body), {
    status,
    headers: Object.entries(headers).map(([name, value]) => [name, String(value)]),
  });
}

function agentOf(given: unknown): Agent | undefined {
  return given instanceof Agent && given !== NO_AGENT ? given : undefined;
}

function bodyOf(body: unknown): string | Buffer | Readable {
  return body instanceof URLSearchParams ? body.toString() : (body as string | Buffer | Readable);
}
