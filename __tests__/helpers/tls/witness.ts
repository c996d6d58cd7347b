import { once } from "node:events";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { createServer, type Server } from "node:tls";
import type { Certificate } from "../certificate";

/** A server of TLS that remembers what it was sent after the handshake. */
export class Witness {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets = new Set<{ destroy(): void }>();
  /** How many connections were made. */
  connections = 0;
  /** Everything that was sent, decrypted. */
  received = "";

  static async open(certificate: Certificate, answer: RequestListener): Promise<Witness> {
    const server = createServer({ ...certificate, ALPNProtocols: ["http/1.1"] });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new Witness(server, answer);
  }

  private constructor(server: Server, answer: RequestListener) {
    const http = createHttpServer(answer);
    // Where it stands in a proxy's place.
    http.on("connect", (_request, socket) => socket.end("HTTP/1.1 403 Forbidden\r\n\r\n"));
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on("connection", (socket) => {
      this.connections += 1;
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
    server.on("secureConnection", (socket) => {
      socket.on("error", () => {});
      // The server of HTTP takes the bytes for itself, until somebody else listens, too.
      http.emit("connection", socket);
      socket.on("data", (bytes) => {
        this.received += bytes.toString("latin1");
      });
    });
  }

  /** What became of whoever connected; only what was sent tells. */
  get outcome(): "accepted" | "refused" | "not reached" {
    if (this.received !== "") return "accepted";
    return this.connections > 0 ? "refused" : "not reached";
  }

  /** Ends every connection; what was on its way has arrived by then. */
  async close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}
