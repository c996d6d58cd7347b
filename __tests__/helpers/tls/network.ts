import type { RequestListener } from "node:http";
import { CloudTunnel } from "../azure/cloud-tunnel";
import { type Certificates, PROXY_HOST } from "./certificates";
import type { Ports } from "./detour";
import { SocksProxy } from "./socks-proxy";
import { Witness } from "./witness";

const PROXY_KINDS = ["http", "https", "socks5h"] as const;
export type ProxyKind = (typeof PROXY_KINDS)[number];

/** Servers on this machine in place of a network's hosts, and three proxies that lead to them. */
export class Network {
  readonly #certificates: Certificates;
  readonly #proxies: Readonly<Record<ProxyKind, CloudTunnel | SocksProxy>>;
  readonly #hosts: Map<string, Witness>;

  /** @param proxyHost the name of the proxies, which the https:// one has a certificate for */
  static async open(certificates: Certificates, proxyHost = PROXY_HOST): Promise<Network> {
    const hosts = new Map<string, Witness>();
    const leadsTo = (host: string): Witness | undefined => hosts.get(host);
    const proxies = {
      http: await CloudTunnel.open(leadsTo),
      https: await CloudTunnel.open(leadsTo, certificates.of("for the host", proxyHost)),
      socks5h: await SocksProxy.open(leadsTo),
    };
    return new Network(certificates, proxies, hosts);
  }

  private constructor(
    certificates: Certificates,
    proxies: Readonly<Record<ProxyKind, CloudTunnel | SocksProxy>>,
    hosts: Map<string, Witness>,
  ) {
    this.#certificates = certificates;
    this.#proxies = proxies;
    this.#hosts = hosts;
  }

  proxy(kind: ProxyKind, host = PROXY_HOST): URL {
    return new URL(`${kind}://${host}:${this.#proxies[kind].port}`);
  }

  /** Puts a server in a host's place, until `clear`. @param certificate the host's own, where it is not this */
  async put(host: string, certificate = this.#certificates.of("for the host", host)): Promise<Witness> {
    const witness = await Witness.open(certificate, answer);
    this.#hosts.set(host, witness);
    return witness;
  }

  async clear(): Promise<void> {
    const witnesses = [...this.#hosts.values()];
    this.#hosts.clear();
    await Promise.all(witnesses.map((witness) => witness.close()));
  }

  /** Where each host is, without a proxy; the proxies keep their own ports. */
  get ports(): Ports {
    return Object.fromEntries(
      [...this.#hosts].map(([host, { port }]) => [host.replace(/^\[|\]$/g, ""), port]),
    );
  }

  async close(): Promise<void> {
    await this.clear();
    await Promise.all(Object.values(this.#proxies).map((proxy) => proxy.close()));
  }
}

const TOKEN = JSON.stringify({ access_token: "token", expires_in: 3599, token_type: "Bearer" });
/** What has the SDK of a key vault go for a token. */
const CHALLENGE =
  'Bearer authorization="https://login.microsoftonline.com/11111111-1111-4111-8111-111111111111", resource="https://vault.azure.net"';

/** Every service's answer: a token where one is asked for, else that the caller is not known. */
const answer: RequestListener = (request, response) => {
  request.resume();
  const json = { "content-type": "application/json", connection: "close" };
  if (request.method === "POST" && request.url === "/token") response.writeHead(200, json).end(TOKEN);
  else response.writeHead(401, { ...json, "www-authenticate": CHALLENGE }).end("{}");
};
