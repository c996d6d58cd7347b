import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as the server received it. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly authorization: string;
  readonly body: string;
}

/** What a handler answers. */
export interface Reply {
  readonly status: number;
  readonly body?: object;
  readonly headers?: Record<string, string>;
}

/** A real HTTP server on loopback that answers as a test says, and remembers what it was sent. */
export async function startLocalApi(answer: (request: Received) => Reply | "hang up") {
  const received: Received[] = [];
  const server = createServer(async (message, response) => {
    const request = await read(message);
    received.push(request);
    const reply = answer(request);
    if (reply === "hang up") return void message.socket.destroy();
    response.writeHead(reply.status, { "content-type": "application/json", ...reply.headers });
    response.end(reply.body ? JSON.stringify(reply.body) : undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function read(message: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return {
    method: message.method ?? "",
    url: message.url ?? "",
    authorization: message.headers.authorization ?? "",
    body: Buffer.concat(chunks).toString(),
  };
}
