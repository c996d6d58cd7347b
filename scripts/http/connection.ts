import { Agent as HttpAgent } from "node:http";
import type { Agent as HttpsAgent } from "node:https";
import { connect } from "node:net";
import { UsageError } from "../core/errors";
import { checkingHost } from "./host-check";

/**
 * The agent of the proxy to go through; loopback is never proxied.
 * @param proxy the proxy's address. @default - HTTPS_PROXY and NO_PROXY decide
 * @throws {UsageError} when what HTTPS_PROXY says is no proxy's address
 */
export async function proxyAgent(url: string, proxy?: string): Promise<HttpsAgent | undefined> {
  if (isLoopback(new URL(url).hostname)) return undefined;
  const address = proxy ?? (await environmentProxy(url));
  return address ? agentThrough(address) : undefined;
}

/** The agent that goes through this http or https proxy, whatever the host. */
export async function agentThrough(proxy: string): Promise<HttpsAgent> {
  const { HttpsProxyAgent } = await import("https-proxy-agent");
  return checkingHost(new HttpsProxyAgent(proxy)) as unknown as HttpsAgent;
}

/** The agent that speaks plain http over a Unix domain socket, whatever the host. */
export function agentOn(socketPath: string): HttpAgent {
  return Object.assign(new HttpAgent(), { createConnection: () => connect(socketPath) });
}

async function environmentProxy(url: string): Promise<string> {
  const { getProxyForUrl } = await import("proxy-from-env");
  const address = getProxyForUrl(url);
  // It may hold a password: it is not shown.
  if (address !== "" && !(URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)))
    throw new UsageError("HTTPS_PROXY (or ALL_PROXY) is not the address of an http or https proxy.");
  return address;
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i;

/** Whether a host is this machine: the only place plain http may go. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}
