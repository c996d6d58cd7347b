import type { AgentOptions, Agent as HttpsAgent } from "node:https";
import {
  type HttpLibrary,
  type RequestContext,
  ResponseContext,
  wrapHttpLibrary,
} from "@kubernetes/client-node";
import { type HttpCall, send } from "../../http/client";
import { agentThrough } from "../../http/connection";
import { AskedToWait, HttpFault, Redirected } from "../../http/fault";
import { checkingHost } from "../../http/host-check";
import { LIMITS } from "../../http/limits";
import { ServerPause } from "../../http/server-pause";
import { answeredFault, KubernetesFault } from "./fault";

type Tls = NonNullable<HttpCall["tls"]>;

/**
 * How the official client sends its requests. Its own way follows redirects, token and secret included, waits without
 * limit and takes answers of any size.
 * @param proxy the address of the proxy to go through; undefined for none
 * @param signal cuts what is under way
 */
export function boundedHttp(proxy: string | undefined, signal: AbortSignal): HttpLibrary {
  const pause = new ServerPause();
  return wrapHttpLibrary({ send: (request) => ask(request, proxy, signal, pause) });
}

/** @throws {KubernetesFault} when no whole answer came, or a redirect */
async function ask(
  request: RequestContext,
  proxy: string | undefined,
  signal: AbortSignal,
  pause: ServerPause,
): Promise<ResponseContext> {
  const url = request.getUrl();
  const given = request.getAgent() as HttpsAgent;
  try {
    const { status, headers, body } = await send({
      method: request.getHttpMethod(),
      url,
      limits: LIMITS.kubernetes,
      headers: request.getHeaders(),
      body: request.getBody() as string | undefined,
      agent: url.startsWith("https:") ? await secureAgent(given, proxy) : given,
      tls: tlsOf(given.options),
      signal,
      pause,
    });
    return new ResponseContext(status, headers as Record<string, string>, {
      text: async () => body.toString(),
      binary: async () => body,
    });
  } catch (error) {
    if (error instanceof Redirected) throw answeredFault(error.answer.status, undefined);
    if (error instanceof AskedToWait)
      throw new KubernetesFault(error.message, undefined, {}, error.retryAfterMs);
    throw error instanceof HttpFault ? new KubernetesFault(error.message) : error;
  }
}

/** The client's own agent for an http proxy cannot name an IPv6 address to it, and the one for SOCKS checks no IP address. */
async function secureAgent(given: HttpsAgent, proxy: string | undefined): Promise<HttpsAgent> {
  if (proxy === undefined) return given;
  if (/^socks/.test(proxy)) return checkingHost(given as never);
  return agentThrough(proxy);
}

/** What the kubeconfig says about TLS, for an agent that does not know it. */
function tlsOf({ ca, cert, key, passphrase, pfx, servername, rejectUnauthorized = true }: AgentOptions): Tls {
  return {
    certificateAuthority: ca,
    certificate: cert,
    key: key as Tls["key"],
    passphrase,
    pfx: pfx as Tls["pfx"],
    serverName: servername,
    rejectUnauthorized,
  };
}
