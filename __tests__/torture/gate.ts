import { type IncomingMessage, type ServerResponse, request as send } from "node:http";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { Answer } from "../../sandbox/org/answer";
import type { Fault } from "../../sandbox/org/fault";
import { FaultPlan } from "../../sandbox/org/fault-plan";
import { answerWith, deliver } from "../../sandbox/org/misbehave";
import type { Certificate } from "../helpers/certificate";
import { HttpGate } from "../helpers/http-gate";

/** How a TLS handshake fails: a certificate of nobody, a cut in the middle, or a server that speaks plain HTTP. */
export type TlsTrouble = "untrusted" | "cut" | "plain";

/** What a request was when it came to the gate. */
export interface Passing {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** From the question mark on; "" when there is none. */
  readonly query: string;
  readonly body: string;
}

/** An answer in nobody's own words that says no. */
const REFUSED: Answer = {
  status: 403,
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ message: "refused", errors: ["refused"] }),
};

const HOP_BY_HOP = ["connection", "keep-alive", "transfer-encoding", "content-length"];

/** The only way to a server on this machine, and where everything that can happen to a request happens. */
export class Gate {
  readonly #door: HttpGate;
  readonly #certificate: Certificate | undefined;
  readonly #plan = new FaultPlan();
  readonly #told = new Map<Fault, (passing: Passing) => void>();
  readonly #closing = new AbortController();
  #tls: TlsTrouble | undefined;
  #inside = 0;
  /** Requests so far. */
  requests = 0;
  /** Called when a request has arrived and done nothing yet; it waits for a promise. */
  onRequest: (passing: Passing) => void | Promise<void> = () => {};

  /** Whether a request is refused in the server's place. */
  refuses: (passing: Passing) => boolean = () => false;
  /** Called when the server has acted, and before it answers. */
  onActed: (passing: Passing) => void = () => {};
  /** Milliseconds that a request and, once more, its answer takes; asked each time. */
  latency: () => number = () => 0;

  /**
   * @param to origin of the server, plain http
   * @param certificate serves TLS with it. @default - plain http
   */
  static async open(to: string, certificate?: Certificate): Promise<Gate> {
    let gate: Gate | undefined;
    const listener = (request: IncomingMessage, response: ServerResponse): void => {
      // Whoever hung up in the middle of a request is nobody to answer to.
      gate?.pass(request, response).catch(() => response.destroy());
    };
    gate = new Gate(await HttpGate.open(listener, certificate), new URL(to), certificate);
    return gate;
  }

  private constructor(
    door: HttpGate,
    private readonly to: URL,
    certificate: Certificate | undefined,
  ) {
    this.#door = door;
    this.#certificate = certificate;
    // Longer than any pause of the program: a connection that ends while it is used again is a trouble of nobody's.
    door.server.keepAliveTimeout = 120_000;
    // Before the handshake: the raw socket, still plain.
    door.server.prependListener("connection", (socket: Socket | TLSSocket) => {
      if (this.#tls === "cut") socket.destroy();
      if (this.#tls === "plain") socket.end("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    });
  }

  get port(): number {
    return this.#door.port;
  }

  /** By name, so that the name can fail to be found. */
  get origin(): string {
    return `${this.#door.origin.split(":")[0]}://localhost:${this.port}`;
  }

  /** @param onHit called each time it hits a request */
  fault(fault: Fault, onHit: (passing: Passing) => void): void {
    this.#plan.add(fault);
    this.#told.set(fault, onHit);
  }

  /** Cuts all connections and refuses new ones. */
  stop(): Promise<void> {
    return this.#door.stop();
  }

  restart(): Promise<void> {
    return this.#door.restart();
  }

  /** From here on a connection serves one request, so that what happens to new ones shows at once. */
  forgetConnections(): void {
    this.#door.server.maxRequestsPerSocket = 1;
    this.#door.server.closeIdleConnections();
  }

  /** @param stranger the certificate for "untrusted" */
  breakTls(trouble: TlsTrouble, stranger: Certificate): void {
    this.forgetConnections();
    if (trouble === "untrusted") this.#present(stranger);
    else this.#tls = trouble;
  }

  mendTls(): void {
    this.#tls = undefined;
    if (this.#certificate) this.#present(this.#certificate);
  }

  /** Ends all troubles, and waits until nothing of a late effect is left. */
  async mend(): Promise<void> {
    this.#plan.clear();
    this.refuses = () => false;
    this.mendTls();
    this.#door.server.maxRequestsPerSocket = 0;
    await this.restart();
    while (this.#inside > 0) await new Promise((resolve) => setTimeout(resolve, 100));
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.stop();
  }

  #present(certificate: Certificate): void {
    (this.#door.server as unknown as { setSecureContext(one: Certificate): void }).setSecureContext(
      certificate,
    );
  }

  private async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#inside += 1;
    try {
      this.requests += 1;
      const { method = "GET", url = "/" } = request;
      const path = url.split("?")[0] as string;
      const body = await bytesOf(request);
      const passing = { method, path, query: url.slice(path.length), body: body.toString("utf8") };
      await this.onRequest(passing);
      const fault = this.#plan.take(method, path);
      if (fault) this.#told.get(fault)?.(passing);
      const act = async (): Promise<Answer> => {
        await sleep(this.latency());
        if (this.refuses(passing)) return REFUSED;
        const answer = await this.#ask(request, body);
        this.onActed(passing);
        await sleep(this.latency());
        return answer;
      };
      const answer = await answerWith(fault, act, this.#closing.signal);
      if (!answer) response.destroy();
      else await deliver(fault, response, answer);
    } finally {
      this.#inside -= 1;
    }
  }

  #ask({ method, url: path, headers }: IncomingMessage, body: Buffer): Promise<Answer> {
    const { hostname, port } = this.to;
    return new Promise((resolve, reject) => {
      const onward = send({ hostname, port, method, path, headers }, async (answer) => {
        const kept = Object.entries(answer.headers).filter(([name]) => !HOP_BY_HOP.includes(name));
        resolve({
          status: answer.statusCode ?? 502,
          headers: Object.fromEntries(kept.map(([name, value]) => [name, String(value)])),
          body: (await bytesOf(answer)).toString("utf8"),
        });
      });
      onward.on("error", reject);
      onward.end(body);
    });
  }
}

function sleep(ms: number): Promise<void> | undefined {
  return ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : undefined;
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
