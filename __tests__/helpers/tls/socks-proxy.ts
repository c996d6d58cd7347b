import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** How the host of a request is written, by SOCKS's type of an address. */
const ADDRESS = {
  1: (request: Buffer) => [...request.subarray(4, 8)].join("."),
  3: (request: Buffer) => request.subarray(5, 5 + (request[4] ?? 0)).toString(),
  4: (request: Buffer) => new URL(`http://[${groups(request.subarray(4, 20))}]`).hostname,
} as const;

/** A proxy of SOCKS 5 that leads each host to a server on this machine. */
export class SocksProxy {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  /** @param leadsTo where a host is to be found; undefined when it is nowhere */
  static async open(leadsTo: (host: string) => { readonly port: number } | undefined): Promise<SocksProxy> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new SocksProxy(server, leadsTo);
  }

  private constructor(server: Server, leadsTo: (host: string) => { readonly port: number } | undefined) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on("connection", (client) => {
      this.#track(client);
      client.once("data", () => {
        client.write(Buffer.from([5, 0]));
        client.once("data", (request: Buffer) => {
          const host = ADDRESS[request[3] as keyof typeof ADDRESS](request);
          const to = leadsTo(host);
          if (!to) return void client.destroy();
          const onward = connect(to.port, "127.0.0.1");
          this.#track(onward);
          onward.on("connect", () => {
            client.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
            onward.pipe(client);
            client.pipe(onward);
          });
          onward.on("close", () => client.destroy());
          client.on("close", () => onward.destroy());
        });
      });
    });
  }

  async close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #track(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => this.#sockets.delete(socket));
  }
}

function groups(bytes: Buffer): string {
  return Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16)).join(":");
}
