import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { type Certificate, missingOpenssl, selfSigned } from "../certificate";

/** A server on this machine. */
interface Behind {
  readonly port: number;
}

export { missingOpenssl };

/** A certificate for names of a cloud that signed itself, and the file whoever trusts it names in NODE_EXTRA_CA_CERTS. */
export interface CloudCertificate extends Certificate {
  readonly file: string;
}

/** @param names DNS names, also with a star @param folder where its file is put */
export function cloudCertificate(names: readonly string[], folder: string): CloudCertificate {
  const certificate = selfSigned(names.map((name) => `DNS:${name}`));
  const file = join(mkdtempSync(join(folder, "certificate-")), "cert.pem");
  writeFileSync(file, certificate.cert);
  return { ...certificate, file };
}

/**
 * A proxy that leads the names of a cloud to servers on this machine and anything else to nowhere. So the program
 * runs as it is, with the addresses that it has in earnest; it is only told of a proxy and of a certificate.
 */
export class CloudTunnel {
  readonly #server: Server;
  readonly #sockets = new Set<Duplex>();
  /** Hosts that were asked for. */
  readonly asked: string[] = [];

  /**
   * @param leadsTo where a host is to be found; undefined when it is nowhere
   * @param certificate of an https:// proxy. @default - an http:// one
   */
  static async open(
    leadsTo: (host: string) => Behind | undefined,
    certificate?: Certificate,
  ): Promise<CloudTunnel> {
    const server = certificate ? createTlsServer({ ...certificate }) : createServer();
    server.on("request", (_request, response) => response.writeHead(502).end());
    const tunnel = new CloudTunnel(server, leadsTo);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return tunnel;
  }

  private constructor(server: Server, leadsTo: (host: string) => Behind | undefined) {
    this.#server = server;
    server.on("connect", ({ url = "" }, client: Duplex) => {
      const host = url.replace(/:\d+$/, "");
      this.asked.push(host);
      const gate = leadsTo(host);
      this.#track(client);
      if (!gate) return void client.destroy();
      const onward = connect(gate.port, "127.0.0.1");
      this.#track(onward);
      onward.on("connect", () => {
        client.write("HTTP/1.1 200 Connection established\r\n\r\n");
        onward.pipe(client);
        client.pipe(onward);
      });
      onward.on("close", () => client.destroy());
      client.on("close", () => onward.destroy());
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server, "close");
  }

  /** Either end may go away at any time. */
  #track(socket: Duplex): void {
    this.#sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => this.#sockets.delete(socket));
  }
}
