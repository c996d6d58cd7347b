import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { type Certificate, missingOpenssl } from "../certificate";
import type { HttpGate } from "../http-gate";

export { missingOpenssl };

/** A certificate for names of a cloud that signed itself, and the file whoever trusts it names in NODE_EXTRA_CA_CERTS. */
export interface CloudCertificate extends Certificate {
  readonly file: string;
}

/** @param names DNS names, also with a star @param folder where its files are put */
export function cloudCertificate(names: readonly string[], folder: string): CloudCertificate {
  const place = mkdtempSync(join(folder, "certificate-"));
  const [keyFile, file] = [join(place, "key.pem"), join(place, "cert.pem")];
  const made = spawnSync(
    "openssl",
    [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
      ...["-keyout", keyFile, "-out", file, "-days", "1", "-subj", "/CN=a cloud on this machine"],
      ...["-addext", `subjectAltName=${names.map((name) => `DNS:${name}`).join(",")}`],
    ],
    { encoding: "utf8" },
  );
  if (made.status !== 0) throw new Error(`openssl could not make a certificate: ${made.stderr}`);
  return { key: readFileSync(keyFile, "utf8"), cert: readFileSync(file, "utf8"), file };
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

  /** @param leadsTo where a host is to be found; undefined when it is nowhere */
  static async open(leadsTo: (host: string) => HttpGate | undefined): Promise<CloudTunnel> {
    const server = createServer((_request, response) => response.writeHead(502).end());
    const tunnel = new CloudTunnel(server, leadsTo);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return tunnel;
  }

  private constructor(server: Server, leadsTo: (host: string) => HttpGate | undefined) {
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

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
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
