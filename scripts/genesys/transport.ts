import { Deadline } from "../core/deadline";
import { UUID } from "../core/patterns";
import type { Progress } from "../core/progress";
import type { Secret } from "../core/secret";
import type { HttpAnswer } from "../http/answer";
import { send } from "../http/client";
import { errorBody } from "../http/error-body";
import { HttpFault, Redirected, Unanswered } from "../http/fault";
import { LIMITS, megabytes } from "../http/limits";
import type { Endpoint } from "./endpoint";
import { isLoginRateLimit } from "./login-answers";
import { describeReply, type Reply } from "./reply";

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
  readonly onRetry?: (reply: Reply) => void;
  /** Awaited before each attempt, from 1: its turn among the requests of others. Waiting for it counts as no time. */
  readonly turn?: (attempt: number) => Promise<void>;
  /** Ends the waiting for the first attempt's turn; from then on nothing gives the call up. */
  readonly patience?: AbortSignal;
}

/** What sends requests; never throws for a status. */
export interface Sender {
  send(call: Call): Promise<Reply>;
}

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

/** Sends requests; never throws for a status. */
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

  async send(call: Call): Promise<Reply> {
    const deadline = new Deadline(call.retryFor);
    const longest = new Deadline(LONGEST_LIMITED_LOGIN_MS);
    let attempt = 0;
    let hidden: readonly string[] = [];
    const takeTurn = async (turn: NonNullable<Call["turn"]>): Promise<void> => {
      const from = performance.now();
      attempt += 1;
      await turn(attempt);
      deadline.extend(performance.now() - from);
    };
    try {
      const answer = await send({
        method: call.method,
        url: call.url,
        limits: LIMITS.genesys,
        headers: { accept: "application/json" },
        form: call.form,
        json: call.json,
        proxy: this.#endpoint.proxy?.href,
        signal: this.#abort,
        beforeAttempt: async () => {
          if (call.turn) await takeTurn(call.turn);
          const { header, hidden: ofHeader } = credentialsOf(call.authorization);
          hidden = ofHeader;
          return { authorization: header };
        },
        retry: (failed) => {
          const reply = replyOf(failed, hidden);
          const limited = reply.kind === "answer" && isLoginRateLimit(reply);
          // Where many log in at once, whoever waits for the limit is not failing, however slow the answers are.
          const waits = limited && call.turn !== undefined && longest.remaining > 0;
          return {
            alsoTransient: limited,
            remaining: waits ? longest.remaining : deadline.remaining,
            announce: (delay) => {
              if (waits) deadline.extend(delay);
              call.onRetry?.(reply);
              this.#progress.info(`${describeReply(reply)}; trying again in ${Math.ceil(delay / 1000)} s`);
            },
          };
        },
      });
      return replyOf(answer, hidden);
    } catch (error) {
      if (!(error instanceof HttpFault)) throw error;
      this.#abort?.throwIfAborted();
      return replyOf(error, hidden);
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

/** A redirect is an answer here: it may come after the deed. */
function replyOf(came: HttpAnswer | HttpFault, hidden: readonly string[]): Reply {
  if (came instanceof Redirected) return replyOf(came.answer, hidden);
  if (came instanceof Unanswered) {
    const { code, late, untrusted } = came;
    const neverSent = late === undefined ? NEVER_SENT.has(code) || untrusted : CONNECT_PHASES.has(late);
    const reason = late === undefined ? code : `no answer within the time for "${late}"`;
    return { kind: "no answer", reason, neverSent, untrusted };
  }
  if (came instanceof HttpFault) {
    const reason = `the answer is larger than ${megabytes(LIMITS.genesys.largestAnswer)}`;
    return { kind: "no answer", reason, neverSent: false, untrusted: false };
  }
  const { status, headers, body } = came;
  return { kind: "answer", status, headers, body: parse(body.toString(), status, hidden) };
}

function parse(body: string, status: number, hidden: readonly string[]): unknown {
  if (body === "") return undefined;
  if (status >= 400) return errorBody(body, hidden);
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
