import { type IncomingMessage, type RequestListener, type ServerResponse, request as send } from "node:http";
import { text } from "node:stream/consumers";
import type { Sandbox } from "../../sandbox/org";
import { forwardTo, HttpGate } from "./http-gate";

/** A request, read to its end. */
export interface Received {
  readonly headers: IncomingMessage["headers"];
  readonly url: string;
  readonly body: string;
}

/** How one kind of request is answered, in place of the org. */
export type Misbehaviour = (response: ServerResponse, request: Received) => void;

/** Which requests. */
export interface Where {
  readonly method: string;
  readonly path: RegExp;
  /** How many of them are let through first. @default 0 */
  readonly skip?: number;
  /** Whether the irreversible call has its effect, whatever the answer says. @default true */
  readonly effect?: boolean;
}

/** A sandbox org behind a server that means ill with some requests, and hands the others on. */
export class HostileOrg {
  readonly #gate: HttpGate;
  /** How many requests met the misbehaviour. */
  readonly met: { count: number };

  static async open(sandbox: Sandbox, where: Where, misbehave: Misbehaviour): Promise<HostileOrg> {
    const through = forwardTo(new URL(sandbox.origin));
    const met = { count: 0 };
    let toSkip = where.skip ?? 0;
    const listener: RequestListener = (request, response) => {
      const { method, url = "/" } = request;
      const isMeant = method === where.method && where.path.test(new URL(url, sandbox.origin).pathname);
      if (!isMeant || toSkip-- > 0) return through(request, response);
      met.count += 1;
      text(request)
        .then(async (body) => {
          if (where.effect !== false && method === "POST" && url.endsWith("/secret"))
            await act(sandbox, request);
          misbehave(response, { headers: request.headers, url, body });
        })
        .catch(() => response.destroy());
    };
    return new HostileOrg(await HttpGate.open(listener), met);
  }

  private constructor(gate: HttpGate, met: { count: number }) {
    this.#gate = gate;
    this.met = met;
  }

  /** What leads the program here. */
  get environment(): Record<string, string> {
    return { GENESYSCLOUD_GATEWAY_PORT: String(this.#gate.port) };
  }

  close(): Promise<void> {
    return this.#gate.stop();
  }
}

/** Has the org do what was asked, and lets its answer go. */
function act(sandbox: Sandbox, { method, url, headers }: IncomingMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    send(new URL(url ?? "/", sandbox.origin), { method, headers }, (answer) => {
      answer.resume().on("end", resolve);
    })
      .on("error", reject)
      .end();
  });
}
