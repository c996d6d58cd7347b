import type { Agent as HttpAgent } from "node:http";
import type { AgentOptions, Agent as HttpsAgent } from "node:https";
import {
  type HttpLibrary,
  type RequestContext,
  ResponseContext,
  wrapHttpLibrary,
} from "@kubernetes/client-node";
import got, { CancelError, type HttpsOptions, type Method, RequestError, TimeoutError } from "got";
import { agentThrough, isUntrusted, REQUEST_TIMEOUTS } from "../../http/connection";
import { checkingHost } from "../../http/host-check";
import { startRequest } from "../../http/start-request";
import { KubernetesFault } from "./fault";

/** A Secret has 1 MB at most. */
const LARGEST_ANSWER_BYTES = 8 * 1024 * 1024;

/**
 * How the official client sends its requests. Its own way follows redirects, token and secret included, waits without
 * limit and takes answers of any size.
 * @param proxy the address of the proxy to go through; undefined for none
 * @param signal cuts what is under way
 */
export function boundedHttp(proxy: string | undefined, signal: AbortSignal): HttpLibrary {
  return wrapHttpLibrary({ send: (request) => send(request, proxy, signal) });
}

/** @throws {KubernetesFault} when no whole answer came */
async function send(
  request: RequestContext,
  proxy: string | undefined,
  signal: AbortSignal,
): Promise<ResponseContext> {
  let tooLarge = false;
  const url = request.getUrl();
  const given = request.getAgent() as HttpsAgent;
  const sent = got(url, {
    method: request.getHttpMethod() as unknown as Method,
    headers: { ...request.getHeaders(), "user-agent": "genesys-secret" },
    body: request.getBody() as string | undefined,
    agent: url.startsWith("https:")
      ? { https: await secureAgent(given, proxy) }
      : { http: given as unknown as HttpAgent },
    followRedirect: false,
    throwHttpErrors: false,
    // Not asking for compression leaves no bomb to unpack.
    decompress: false,
    https: tlsOf(given.options),
    timeout: REQUEST_TIMEOUTS,
    request: startRequest,
    // Repeating is the protocol's business.
    retry: { limit: 0 },
    signal,
  });
  sent.on("downloadProgress", ({ transferred }) => {
    if (transferred <= LARGEST_ANSWER_BYTES) return;
    tooLarge = true;
    sent.cancel();
  });
  try {
    const { statusCode, headers, body } = await sent;
    return new ResponseContext(statusCode, headers as Record<string, string>, {
      text: async () => body,
      binary: async () => Buffer.from(body),
    });
  } catch (error) {
    if (tooLarge && error instanceof CancelError) throw new KubernetesFault("its answer is larger than 8 MB");
    if (error instanceof RequestError) throw new KubernetesFault(reasonOf(error));
    throw error;
  }
}

/** The client's own agent for an http proxy cannot name an IPv6 address to it, and the one for SOCKS checks no IP address. */
async function secureAgent(given: HttpsAgent, proxy: string | undefined): Promise<HttpsAgent> {
  if (proxy === undefined) return given;
  if (/^socks/.test(proxy)) return checkingHost(given as never);
  return agentThrough(proxy);
}

/** What the kubeconfig says about TLS, for an agent that does not know it. */
function tlsOf({
  ca,
  cert,
  key,
  passphrase,
  pfx,
  servername,
  rejectUnauthorized = true,
}: AgentOptions): HttpsOptions {
  return {
    certificateAuthority: ca,
    certificate: cert,
    key: key as HttpsOptions["key"],
    passphrase,
    pfx: pfx as HttpsOptions["pfx"],
    serverName: servername,
    rejectUnauthorized,
  };
}

function reasonOf(error: RequestError): string {
  if (error instanceof TimeoutError) return `it did not answer within the time for "${error.event}"`;
  const code = error.code ?? "unknown fault";
  return isUntrusted(code) ? `its certificate is not trusted (${code})` : `it cannot be reached (${code})`;
}
