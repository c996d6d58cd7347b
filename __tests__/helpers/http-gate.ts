import { once } from "node:events";
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
  request as send,
} from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Certificate } from "./certificate";

const HOST = "127.0.0.1";

/** The door in front of a store's server: it lets requests through, until it is told to misbehave. */
export class HttpGate {
  /** The server itself, for whoever breaks more than answers. */
  readonly server: Server;
  readonly #through: RequestListener;
  readonly origin: string;
  readonly port: number;
  #instead: RequestListener | undefined;

  /**
   * @param to where requests go: a function, or the origin of a server on this machine
   * @param certificate serves TLS with it. @default - plain http
   */
  static async open(to: RequestListener | string, certificate?: Certificate): Promise<HttpGate> {
    const through = typeof to === "string" ? forwardTo(new URL(to)) : to;
    const server = certificate ? createTlsServer({ ...certificate }) : createServer();
    server.listen(0, HOST);
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    return new HttpGate(server, through, port, certificate ? "https" : "http");
  }

  private constructor(server: Server, through: RequestListener, port: number, protocol: string) {
    this.server = server;
    this.#through = through;
    this.port = port;
    this.origin = `${protocol}://${HOST}:${port}`;
    server.on("request", (request: IncomingMessage, response: ServerResponse) =>
      this.#serve(request, response),
    );
  }

  /** Cuts all connections and refuses new ones, until `restart`. */
  async stop(): Promise<void> {
    if (!this.server.listening) return;
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, "close");
  }

  /** Listens again, on the same port. */
  async restart(): Promise<void> {
    if (this.server.listening) return;
    this.server.listen(this.port, HOST);
    await once(this.server, "listening");
  }

  /** From here on every request is sent to the same path of another origin. */
  redirectTo(origin: string): void {
    this.#instead = (request, response) => {
      response.writeHead(307, { location: `${origin}${request.url}` }).end();
    };
  }

  /** From here on every request is answered with 200 and a JSON string of this size. */
  answerHuge(bytes = 10 * 1024 * 1024): void {
    this.#instead = (_request, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(`"${"x".repeat(bytes)}"`);
    };
  }

  /** From here on every request is answered with this status and a text; by default with 200 and half an object. */
  answer(status = 200, body = '{"data": {"da'): void {
    this.#instead = (_request, response) => {
      response.writeHead(status, { "content-type": "application/json" }).end(body);
    };
  }

  /** From here on this answers in place of the server. */
  instead(listener: RequestListener): void {
    this.#instead = listener;
  }

  /** Behaves again. */
  letThrough(): void {
    this.#instead = undefined;
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    // A body nobody reads would keep its connection from being used again.
    if (this.#instead) request.resume();
    (this.#instead ?? this.#through)(request, response);
  }
}

/** Hands requests on to a server on this machine, and its answers back. */
export function forwardTo({ hostname, port }: URL): RequestListener {
  return (request, response) => {
    const { method, url: path, headers } = request;
    const onward = send({ hostname, port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  };
}
