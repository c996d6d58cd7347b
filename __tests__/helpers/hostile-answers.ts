import type { ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import type { Misbehaviour } from "./hostile-org";

const PIECE = Buffer.alloc(256 * 1024, "x");
const GIGABYTES = 10 * 1024 ** 3;

/** Bytes that `endless` answers have sent since the start: far fewer than they promise. */
export const sent = { bytes: 0 };

/** An answer in JSON, or, being a text, as it stands. */
export const answer =
  (status: number, body: unknown, headers: Record<string, string> = {}): Misbehaviour =>
  (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  };

/** A redirect, the method kept or not, to the same path elsewhere. */
export const redirect =
  (status: number, origin: () => string): Misbehaviour =>
  (response, { url }) => {
    response.writeHead(status, { location: `${origin()}${url}` }).end();
  };

/** Gigabytes, announced or not, for as long as somebody reads. */
export const endless =
  (status = 200, announced = false): Misbehaviour =>
  (response) => {
    response.writeHead(status, {
      "content-type": "application/json",
      ...(announced && { "content-length": String(GIGABYTES) }),
    });
    response.write('{"a":"');
    pour(response);
  };

function pour(response: ServerResponse): void {
  response.on("error", () => {});
  const more = (): void => {
    for (let takes = true; takes && !response.destroyed; sent.bytes += PIECE.length)
      takes = response.write(PIECE);
  };
  response.on("drain", more);
  more();
}

const BOMB = gzipSync(Buffer.alloc(512 * 1024 ** 2, " "), { level: 9 });

/** Half a megabyte that unpacks to half a gigabyte, though nobody asked for compression. */
export const gzipBomb =
  (status = 200): Misbehaviour =>
  (response) => {
    response.writeHead(status, { "content-type": "application/json", "content-encoding": "gzip" }).end(BOMB);
  };

/** Headers without an end, one byte at a time. */
export const tricklingHeaders = (): Misbehaviour => (response) => {
  response.socket?.write("HTTP/1.1 200 OK\r\nx-slow: ");
  drip(response, "x");
};

/** A body that comes one blank at a time. */
export const tricklingBody = (): Misbehaviour => (response) => {
  response.writeHead(200, { "content-type": "application/json" }).flushHeaders();
  drip(response, "1\r\n \r\n");
};

function drip(response: ServerResponse, drop: string): void {
  const { socket } = response;
  const timer = setInterval(() => socket?.write(drop), 250);
  socket?.on("error", () => {}).on("close", () => clearInterval(timer));
}

/** More headers than any server sends. */
export const hugeHeaders = (): Misbehaviour => (response) => {
  response.socket?.on("error", () => {});
  response.socket?.write(`HTTP/1.1 200 OK\r\n${`${"x-a: ".padEnd(9000, "b")}\r\n`.repeat(10)}`);
};

/** What everybody sees whose portal stands in between. */
export const PORTAL = "<!doctype html><title>Sign in to the guest network</title>";
/** Nested so deeply that a parser which calls itself would break. */
export const DEEP = "[".repeat(2_000_000);
