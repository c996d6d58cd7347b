import type { IncomingHttpHeaders } from "node:http";
import got, { CancelError, HTTPError, RequestError, TimeoutError } from "got";
import { Deadline } from "../core/deadline";
import { StoreFault } from "../core/errors";
import { printable } from "../core/printable";
import type { Progress } from "../core/progress";
import { isLoopback, isUntrusted, proxyAgent, REQUEST_TIMEOUTS } from "./connection";
import { errorBody } from "./error-body";
import { retryDelay } from "./retry";
import { startRequest } from "./start-request";

/** Far above any answer of the calls that stores make. */
const LARGEST_ANSWER_BYTES = 1024 * 1024;

/** A server that stores talk to in JSON. */
export interface JsonServer {
  /** Its name, for progress: "Vault". */
  readonly name: string;
  /** Where its API begins; no slash at the end. See `readBase`. */
  readonly base: string;
  /** PEM of the authorities to trust in place of the system's. @default - the system's */
  readonly ca?: string;
  /** Takes any certificate; whoever sets it has warned. @default false */
  readonly skipVerify?: boolean;
  /** Statuses worth another try besides the usual ones. @default - none */
  readonly alsoTransient?: readonly number[];
}

export interface JsonRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Path below the base, percent-encoded, with its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** How long to go on retrying transient faults, milliseconds; 0 for a write, which the protocol repeats. */
  readonly retryFor: number;
  /** Cuts the request. @default - nothing does */
  readonly signal?: AbortSignal;
  /** What no message of the answer may show, besides what is sent: a sealed value, say. @default - nothing */
  readonly hidden?: readonly string[];
}

/** An answer of any status but a redirect. */
export interface JsonAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The parsed JSON; undefined when the body is empty, or an error's body is not JSON. */
  readonly body: unknown;
}

/**
 * Checks the address of a server.
 * @param name the variable that gave it, for messages
 * @returns the address without a slash at its end
 * @throws {StoreFault} when it is no http(s) URL, holds credentials, or is plain http to another machine
 */
export function readBase(name: string, address: string): string {
  const wrong = (why: string): StoreFault => new StoreFault(`${name} ${why}`);
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    throw wrong("is not a URL such as https://server.example:8200");
  }
  if (url.protocol !== "https:" && url.protocol !== "http:")
    throw wrong(`must begin with https://, not ${printable(url.protocol)}`);
  if (url.username || url.password) throw wrong("holds a user name or a password, which is no place for it");
  if (url.search || url.hash) throw wrong("must end before the query");
  if (url.protocol === "http:" && !isLoopback(url.hostname))
    throw wrong(
      `is plain http to "${printable(url.hostname)}", and plain http goes to this machine only; use https://`,
    );
  return url.href.replace(/\/+$/, "");
}

/** Sends JSON to one server; never follows a redirect: a token must not follow. */
export class JsonHttp {
  readonly #server: JsonServer;
  readonly #progress: Progress;

  constructor(server: JsonServer, progress: Progress) {
    this.#server = server;
    this.#progress = progress;
  }

  /**
   * @throws {StoreFault} when no whole answer came, it is a redirect, too large, or a success that is not JSON. The
   * message holds a status or a code, nothing of the request or the answer.
   */
  async send(call: JsonRequest): Promise<JsonAnswer> {
    const { base, ca, skipVerify } = this.#server;
    const url = base + call.path;
    const agent = await proxyAgent(url);
    const deadline = new Deadline(call.retryFor);
    let tooLarge = false;
    const request = got(url, {
      method: call.method,
      headers: { accept: "application/json", "user-agent": "genesys-secret", ...call.headers },
      ...(call.json === undefined ? {} : { json: call.json }),
      ...(agent ? { agent: { https: agent } } : {}),
      ...(call.signal ? { signal: call.signal } : {}),
      followRedirect: false,
      throwHttpErrors: false,
      // Not asking for compression leaves no bomb to unpack.
      decompress: false,
      https: { rejectUnauthorized: !skipVerify, ...(ca === undefined ? {} : { certificateAuthority: ca }) },
      timeout: REQUEST_TIMEOUTS,
      request: startRequest,
      retry: {
        limit: Number.POSITIVE_INFINITY,
        methods: ["GET", "POST", "PUT", "DELETE"],
        calculateDelay: ({ attemptCount, error, retryAfter }) =>
          tooLarge ? 0 : this.#delay(attemptCount, error, retryAfter, deadline),
      },
    });
    request.on("downloadProgress", ({ transferred }) => {
      if (transferred <= LARGEST_ANSWER_BYTES) return;
      tooLarge = true;
      request.cancel();
    });
    try {
      const { statusCode, headers, body } = await request;
      if (statusCode >= 300 && statusCode < 400)
        throw new StoreFault(`it redirects to another address (${statusCode}), which is not followed`);
      return { status: statusCode, headers, body: parse(body, statusCode, call) };
    } catch (error) {
      if (error instanceof CancelError) throw new StoreFault("its answer is larger than 1 MB");
      if (error instanceof RequestError) throw new StoreFault(reasonOf(error));
      throw error;
    }
  }

  #delay(attempt: number, error: RequestError, retryAfter: number | undefined, deadline: Deadline): number {
    const status = error instanceof HTTPError ? error.response.statusCode : undefined;
    const transient = status !== undefined && this.#server.alsoTransient?.includes(status);
    const facts = {
      attempt,
      status: transient ? 503 : status,
      untrusted: isUntrusted(error.code ?? ""),
      retryAfter,
      remaining: deadline.remaining,
    };
    const delay = retryDelay(facts, Math.random());
    if (delay === undefined) return 0;
    const what = status === undefined ? `no answer, ${reasonOf(error)}` : `answered ${status}`;
    this.#progress.info(`${this.#server.name}: ${what}; trying again in ${Math.ceil(delay / 1000)} s`);
    return Math.max(delay, 1);
  }
}

function parse(body: string, status: number, { headers = {}, json, hidden = [] }: JsonRequest): unknown {
  if (body === "") return undefined;
  // What stands in between answers its errors in HTML; there the status says enough.
  if (status >= 400) return errorBody(body, [...credentialsIn(headers), ...textsIn(json), ...hidden]);
  try {
    return JSON.parse(body);
  } catch {
    throw new StoreFault(`its answer (${status}) is not JSON`);
  }
}

/** The credentials in a request's headers, without the word that says of what kind they are. */
function credentialsIn(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    /authorization|token/i.test(name) ? [value.replace(/^\w+ /, "")] : [],
  );
}

/** Every text of what was sent: the secret is among them. */
function textsIn(json: unknown): string[] {
  if (typeof json === "string") return [json];
  return typeof json === "object" && json !== null ? Object.values(json).flatMap(textsIn) : [];
}

function reasonOf(error: RequestError): string {
  if (error instanceof TimeoutError) return `it did not answer within the time for "${error.event}"`;
  const code = error.code ?? "unknown fault";
  return isUntrusted(code) ? `its certificate is not trusted (${code})` : `it cannot be reached (${code})`;
}
