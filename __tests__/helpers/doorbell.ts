import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";

/** A port that counts who connects, and hangs up: to see that nobody came. */
export class Doorbell {
  readonly #server: Server;
  /** How often somebody has connected. */
  rings = 0;

  static async listen(): Promise<Doorbell> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new Doorbell(server);
  }

  private constructor(server: Server) {
    this.#server = server;
    server.on("connection", (socket) => {
      this.rings += 1;
      socket.destroy();
    });
  }

  get port(): string {
    return String((this.#server.address() as AddressInfo).port);
  }

  async close(): Promise<void> {
    this.#server.close();
    await once(this.#server, "close");
  }
}
