import type { IncomingHttpHeaders } from "node:http";
import type { HttpsOptions } from "got";
import { Deadline } from "../core/deadline";
import { StoreFault } from "../core/errors";
import { printable } from "../core/printable";
import type { Progress } from "../core/progress";
import type { HttpAnswer } from "./answer";
import { type HttpCall, type Retry, send } from "./client";
import { isLoopback } from "./connection";
import { errorBody } from "./error-body";
import { AskedToWait, HttpFault, Redirected, Unanswered } from "./fault";
import { LIMITS } from "./limits";
import { redirectTarget } from "./redirect-target";
import { ServerPause } from "./server-pause";

/** A server that stores talk to in JSON. */
export interface JsonServer {
  /** Its name, for progress: "Vault". */
  readonly name: string;
  /** Where its API begins; no slash at the end. See `readBase`. */
  readonly base: string;
  /** Whom to trust, and who we are. @default - the system's authorities; no certificate of ours */
  readonly tls?: HttpsOptions;
  /** How connections are made. @default - HTTPS_PROXY and NO_PROXY decide */
  readonly agent?: HttpCall["agent"];
  /** Whether one 307 is followed, from https to https, and announced. @default false */
  readonly followsOne?: boolean;
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
  /** Sent as it is, in place of `json`: JSON that holds others' numbers, which JavaScript would round. */
  readonly jsonText?: string;
  /** How long to go on retrying transient faults, milliseconds; 0 for a write, which the protocol repeats. */
  readonly retryFor: number;
  /** Cuts the request. @default - nothing does */
  readonly signal?: AbortSignal;
  /** What no message of the answer may show, besides what is sent: a sealed value, say. @default - nothing */
  readonly hidden?: readonly string[];
}

/** An answer of any status but a redirect that is not followed. */
export interface JsonAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The parsed JSON; undefined when the body is empty, or an error's body is not JSON. */
  readonly body: unknown;
  /** The body as it came. It is others' text: no message shows it. */
  readonly text: string;
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

/** Sends JSON to one server. */
export class JsonHttp {
  readonly #server: JsonServer;
  readonly #progress: Progress;
  readonly #redirectedTo = new Set<string>();
  readonly #pause = new ServerPause();

  constructor(server: JsonServer, progress: Progress) {
    this.#server = server;
    this.#progress = progress;
  }

  /**
   * @throws {StoreFault} when no whole answer came, it is a redirect, too large, or a success that is not JSON. The
   * message holds a status or a code, nothing of the request or the answer.
   */
  async send(call: JsonRequest): Promise<JsonAnswer> {
    const deadline = new Deadline(call.retryFor);
    const url = this.#server.base + call.path;
    try {
      const { status, headers, body } = await this.#sendTo(url, call, deadline).catch((error: unknown) => {
        if (!(error instanceof Redirected) || !this.#server.followsOne) throw error;
        const target = redirectTarget(url, error);
        this.#announce(target);
        return this.#sendTo(target.href, call, deadline);
      });
      const text = body.toString();
      return { status, headers, body: parse(text, status, call), text };
    } catch (error) {
      if (error instanceof AskedToWait) throw new StoreFault(error.message, error.retryAfterMs);
      throw error instanceof HttpFault ? new StoreFault(error.message) : error;
    }
  }

  #sendTo(url: string, call: JsonRequest, deadline: Deadline): Promise<HttpAnswer> {
    const { tls, agent } = this.#server;
    return send({
      method: call.method,
      url,
      limits: LIMITS.json,
      headers: {
        accept: "application/json",
        ...(call.jsonText !== undefined && { "content-type": "application/json" }),
        ...call.headers,
      },
      json: call.json,
      body: call.jsonText,
      tls,
      agent,
      signal: call.signal,
      pause: this.#pause,
      retry: (failed) => this.#retry(failed, deadline),
    });
  }

  /** Names each server once to which requests, and their credentials, are redirected. */
  #announce({ origin }: URL): void {
    if (this.#redirectedTo.has(origin)) return;
    this.#redirectedTo.add(origin);
    this.#progress.info(`${this.#server.name}: it redirects to ${origin}`);
  }

  #retry(failed: HttpAnswer | Unanswered, { remaining }: Deadline): Retry {
    const { name, alsoTransient } = this.#server;
    const unanswered = failed instanceof Unanswered;
    const what = unanswered ? `no answer, ${failed.message}` : `answered ${failed.status}`;
    return {
      remaining,
      alsoTransient: !unanswered && alsoTransient?.includes(failed.status),
      announce: (delay) =>
        this.#progress.info(`${name}: ${what}; trying again in ${Math.ceil(delay / 1000)} s`),
    };
  }
}

function parse(
  body: string,
  status: number,
  { headers = {}, json, jsonText, hidden = [] }: JsonRequest,
): unknown {
  if (body === "") return undefined;
  // What stands in between answers its errors in HTML; there the status says enough.
  if (status >= 400) {
    const sent = jsonText === undefined ? json : JSON.parse(jsonText);
    return errorBody(body, [...credentialsIn(headers), ...textsIn(sent), ...hidden]);
  }
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
