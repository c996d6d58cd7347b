import type { Agent as HttpAgent } from "node:http";
import type { Agent as HttpsAgent } from "node:https";
import type { Readable } from "node:stream";
import got, {
  HTTPError,
  type HttpsOptions,
  type Method,
  RequestError,
  type Response,
  TimeoutError,
} from "got";
import type { HttpAnswer } from "./answer";
import { proxyAgent } from "./connection";
import { AnswerTooLarge, isRedirect, Redirected, Unanswered } from "./fault";
import type { RequestLimits } from "./limits";
import { retryDelay } from "./retry";
import type { ServerPause } from "./server-pause";
import { startRequest } from "./start-request";

/** A request, to whomever. */
export interface HttpCall {
  readonly method: string;
  readonly url: string;
  /** A row of the table of limits. */
  readonly limits: RequestLimits;
  readonly headers?: Readonly<Record<string, string>>;
  /** What is sent: one of these at most. */
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | Readable;
  /** @default - that of the proxy to go through */
  readonly agent?: HttpAgent | HttpsAgent;
  /** The proxy's address. @default - HTTPS_PROXY and NO_PROXY decide */
  readonly proxy?: string;
  /** Whom to trust, and who we are. @default - the system's authorities; no certificate of ours */
  readonly tls?: HttpsOptions;
  /** What the server has asked for by Retry-After so far. @default - a call knows of none before it */
  readonly pause?: ServerPause;
  /** Cuts the request, and the waiting for its next attempt. @default - nothing does */
  readonly signal?: AbortSignal;
  /** Awaited before each attempt, for headers of its own. What it rejects with, the call rejects with, at once. */
  readonly beforeAttempt?: () => Promise<Readonly<Record<string, string>>>;
  /** Asked after each attempt that failed. @default - there is no other attempt */
  readonly retry?: (failed: HttpAnswer | Unanswered) => Retry;
}

/** What the caller knows about another attempt; the rest is the retry rule's. */
export interface Retry {
  /** Time left for this call, milliseconds. */
  readonly remaining: number;
  /** Whether this status is worth another attempt, where by the rule it is not. @default false */
  readonly alsoTransient?: boolean;
  /** Told when there is to be another attempt. @param delay in how many milliseconds */
  readonly announce: (delay: number) => void;
}

/** The one client, with all that is the same for every request. */
const client = got.extend({
  headers: { "user-agent": "genesys-secret" },
  // A credential must not follow.
  followRedirect: false,
  throwHttpErrors: false,
  // Not asking for compression leaves no bomb to unpack.
  decompress: false,
  // Whatever NODE_TLS_REJECT_UNAUTHORIZED says.
  https: { rejectUnauthorized: true },
  request: startRequest,
});

/**
 * Sends a request within its limits, over a connection whose certificate is checked, and again as the retry rule has it.
 * @returns the answer, of any status but a redirect's
 * @throws {HttpFault} when there is no whole answer, when it is too large, or a redirect
 */
export async function send(call: HttpCall): Promise<HttpAnswer> {
  const { limits, signal, json, form, body, tls, pause } = call;
  pause?.assertOver();
  const agent = await agentFor(call);
  let stopped: { readonly reason: unknown } | undefined;
  const request = client(call.url, {
    method: call.method as Method,
    headers: { ...call.headers, "accept-encoding": undefined },
    ...(json === undefined ? {} : { json }),
    ...(form ? { form: { ...form } } : {}),
    ...(body ? { body } : {}),
    ...(agent ? { agent } : {}),
    ...(tls ? { https: tls } : {}),
    ...(signal ? { signal } : {}),
    responseType: "buffer",
    timeout: {
      lookup: limits.connectMs,
      connect: limits.connectMs,
      secureConnect: limits.connectMs,
      request: limits.wholeMs,
    },
    hooks: {
      beforeRequest: [
        async ({ headers }) => {
          try {
            Object.assign(headers, await call.beforeAttempt?.());
          } catch (reason) {
            stopped = { reason };
            throw reason;
          }
        },
      ],
    },
    retry: {
      calculateDelay: ({ attemptCount, error, retryAfter }) =>
        stopped || attemptCount >= limits.attempts
          ? 0
          : delayBefore(call, attemptCount, failedBy(error), retryAfter),
    },
  });
  request.on("downloadProgress", ({ transferred }) => {
    if (transferred <= limits.largestAnswer) return;
    stopped = { reason: new AnswerTooLarge(limits.largestAnswer) };
    request.cancel();
  });
  try {
    const answer = answerOf(await request);
    pause?.note(answer);
    if (isRedirect(answer.status)) throw new Redirected(answer);
    return answer;
  } catch (error) {
    if (stopped) throw stopped.reason;
    throw error instanceof RequestError ? unanswered(error) : error;
  }
}

async function agentFor({ url, agent, proxy }: HttpCall): Promise<{ http?: HttpAgent; https?: HttpsAgent }> {
  if (!url.startsWith("https:")) return { http: agent };
  return { https: (agent as HttpsAgent | undefined) ?? (await proxyAgent(url, proxy)) };
}

/** @returns milliseconds, or 0 to give up, in got's terms */
function delayBefore(
  { retry }: HttpCall,
  attempt: number,
  failed: HttpAnswer | Unanswered,
  retryAfter: number | undefined,
): number {
  if (!retry) return 0;
  const { remaining, alsoTransient, announce } = retry(failed);
  const known = failed instanceof Unanswered ? { untrusted: failed.untrusted } : { status: failed.status };
  const delay = retryDelay({ ...known, attempt, alsoTransient, retryAfter, remaining }, Math.random());
  if (delay === undefined) return 0;
  announce(delay);
  return Math.max(delay, 1);
}

/** Only an HTTPError carries a whole answer; an answer that was cut off counts as none. */
function failedBy(error: RequestError): HttpAnswer | Unanswered {
  return error instanceof HTTPError ? answerOf(error.response) : unanswered(error);
}

function answerOf({ statusCode, headers, rawBody }: Response): HttpAnswer {
  return { status: statusCode, headers, body: Buffer.from(rawBody) };
}

function unanswered(error: RequestError): Unanswered {
  return new Unanswered(
    error.code ?? "unknown fault",
    error instanceof TimeoutError ? error.event : undefined,
  );
}
