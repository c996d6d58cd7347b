import got, { CancelError, HTTPError, type Method, RequestError, TimeoutError } from "got";
import { Deadline } from "../core/deadline";
import { UUID } from "../core/patterns";
import type { Progress } from "../core/progress";
import type { Secret } from "../core/secret";
import { isUntrusted, proxyAgent, REQUEST_TIMEOUTS } from "../http/connection";
import { errorBody } from "../http/error-body";
import { retryDelay } from "../http/retry";
import { startRequest } from "../http/start-request";
import type { Endpoint } from "./endpoint";
import { describeFailure, type Failure, isLoginRateLimit } from "./failure";

/** A request to Genesys Cloud. */
export interface Call {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly url: string;
  /** A bearer token is asked for when an attempt leaves: it may have been renewed since the call began. */
  readonly authorization:
    | { readonly bearer: () => Secret }
    | { readonly basic: { readonly id: string; readonly secret: Secret } };
  readonly form?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** How long to go on retrying transient faults, milliseconds from now; 0 for a single attempt. */
  readonly retryFor: number;
  /** Told of each attempt that failed and is about to be repeated. */
  readonly onRetry?: (failure: Failure) => void;
  /** Awaited before each attempt, from 1: its turn among the requests of others. Waiting for it counts as no time. */
  readonly turn?: (attempt: number) => Promise<void>;
  /** Ends the waiting for the first attempt's turn; from then on nothing gives the call up. */
  readonly patience?: AbortSignal;
}

/** What sends requests; never throws for a status. */
export interface Sender {
  send(call: Call): Promise<Failure>;
}

/** Far above any answer of the calls made here (a page of clients is some 100 kB). */
const LARGEST_ANSWER_BYTES = 8 * 1024 * 1024;

const NEVER_SENT = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ENETUNREACH",
  "EHOSTUNREACH",
  "EADDRNOTAVAIL",
]);
const CONNECT_PHASES = new Set(["lookup", "connect", "secureConnect", "socket"]);

/** How long a login goes on where the service limits the rate and many share it, milliseconds. */
const LONGEST_LIMITED_LOGIN_MS = 300_000;

/** Sends requests; never follows a redirect (a token must not follow), never throws for a status. */
export class Transport implements Sender {
  readonly #endpoint: Endpoint;
  readonly #progress: Progress;
  #abort: AbortSignal | undefined;

  /** @param abort ends waiting and running requests at once, until `ignoreInterrupts` */
  constructor(endpoint: Endpoint, progress: Progress, abort: AbortSignal) {
    this.#endpoint = endpoint;
    this.#progress = progress;
    this.#abort = abort;
  }

  /** Requests from here on are not cut by an interrupt. */
  ignoreInterrupts(): void {
    this.#abort = undefined;
  }

  async send(call: Call): Promise<Failure> {
    const deadline = new Deadline(call.retryFor);
    const longest = new Deadline(LONGEST_LIMITED_LOGIN_MS);
    let attempt = 0;
    let gaveUp: { reason: unknown } | undefined;
    const takeTurn = async (turn: NonNullable<Call["turn"]>): Promise<void> => {
      const from = performance.now();
      attempt += 1;
      try {
        await turn(attempt);
      } catch (reason) {
        gaveUp = { reason };
        throw reason;
      }
      deadline.extend(performance.now() - from);
    };
    const agent = await proxyAgent(call.url, this.#endpoint.proxy?.href);
    let tooLarge = false;
    let hidden: readonly string[] = [];
    const request = got(call.url, {
      method: call.method as Method,
      headers: { accept: "application/json", "user-agent": USER_AGENT },
      ...(call.form ? { form: { ...call.form } } : {}),
      ...(call.json === undefined ? {} : { json: call.json }),
      ...(agent ? { agent: { https: agent } } : {}),
      followRedirect: false,
      throwHttpErrors: false,
      // Not asking for compression leaves no bomb to unpack.
      decompress: false,
      https: { rejectUnauthorized: true },
      timeout: REQUEST_TIMEOUTS,
      request: startRequest,
      ...(this.#abort ? { signal: this.#abort } : {}),
      hooks: {
        beforeRequest: [
          async ({ headers }) => {
            if (call.turn) await takeTurn(call.turn);
            ({ header: headers.authorization, hidden } = credentialsOf(call.authorization));
          },
        ],
      },
      retry: {
        limit: Number.POSITIVE_INFINITY,
        methods: ["GET", "POST", "PUT", "DELETE"],
        calculateDelay: ({ attemptCount, error, retryAfter }) => {
          if (tooLarge || gaveUp) return 0;
          const failure = failureOf(error, hidden);
          const limited = failure.kind === "answer" && isLoginRateLimit(failure);
          // Where many log in at once, whoever waits for the limit is not failing, however slow the answers are.
          const waits = limited && call.turn !== undefined && longest.remaining > 0;
          const delay = retryDelay(
            {
              attempt: attemptCount,
              status: failure.kind === "answer" ? failure.status : undefined,
              loginRateLimited: limited,
              untrusted: failure.kind === "no answer" && failure.untrusted,
              retryAfter,
              remaining: waits ? longest.remaining : deadline.remaining,
            },
            Math.random(),
          );
          if (delay === undefined) return 0;
          if (waits) deadline.extend(delay);
          call.onRetry?.(failure);
          this.#progress.info(`${describeFailure(failure)}; trying again in ${Math.ceil(delay / 1000)} s`);
          return Math.max(delay, 1);
        },
      },
    });
    request.on("downloadProgress", ({ transferred }) => {
      if (transferred <= LARGEST_ANSWER_BYTES) return;
      tooLarge = true;
      request.cancel();
    });
    try {
      const response = await request;
      return {
        kind: "answer",
        status: response.statusCode,
        headers: response.headers,
        body: bodyOf(response, hidden),
      };
    } catch (error) {
      if (gaveUp) throw gaveUp.reason;
      this.#abort?.throwIfAborted();
      if (error instanceof CancelError)
        return {
          kind: "no answer",
          reason: "the answer is larger than 8 MB",
          neverSent: false,
          untrusted: false,
        };
      if (error instanceof RequestError) return failureOf(error, hidden);
      throw error;
    }
  }
}

/** The header, and what of it must not show. An id that is no UUID may be a secret in the wrong place. */
function credentialsOf(authorization: Call["authorization"]): { header: string; hidden: string[] } {
  if ("bearer" in authorization) {
    const token = authorization.bearer().reveal();
    return { header: `Bearer ${token}`, hidden: [token] };
  }
  const { id, secret } = authorization.basic;
  const encoded = Buffer.from(`${id}:${secret.reveal()}`).toString("base64");
  return {
    header: `Basic ${encoded}`,
    hidden: [secret.reveal(), encoded, ...(UUID.test(id) ? [] : [id])],
  };
}

function failureOf(error: RequestError, hidden: readonly string[]): Failure {
  // Only an HTTPError carries a whole answer; an answer that was cut off counts as none.
  if (error instanceof HTTPError) {
    return {
      kind: "answer",
      status: error.response.statusCode,
      headers: error.response.headers,
      body: bodyOf(error.response, hidden),
    };
  }
  const code = error.code ?? "unknown fault";
  const neverSent =
    error instanceof TimeoutError
      ? CONNECT_PHASES.has(error.event)
      : NEVER_SENT.has(code) || isUntrusted(code);
  const reason = error instanceof TimeoutError ? `no answer within the time for "${error.event}"` : code;
  return { kind: "no answer", reason, neverSent, untrusted: isUntrusted(code) };
}

function bodyOf(
  { statusCode, body }: { statusCode: number; body: unknown },
  hidden: readonly string[],
): unknown {
  if (typeof body !== "string" || body === "") return undefined;
  if (statusCode >= 400) return errorBody(body, hidden);
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

const USER_AGENT = "genesys-secret";
