import type { HttpAnswer } from "./answer";
import { megabytes } from "./limits";

/** Why a request came to nothing. The message speaks of "it", the other side, and holds no part of what was sent. */
export abstract class HttpFault extends Error {
  /** A word for those who tell faults apart by one. */
  abstract readonly code: string;
}

/** No answer came, or not a whole one. */
export class Unanswered extends HttpFault {
  readonly code: string;
  /** The phase that took too long, such as "connect"; undefined when it was not for the time. */
  readonly late: string | undefined;

  /** @param code a system or library code such as ECONNREFUSED */
  constructor(code: string, late?: string) {
    super(late === undefined ? unreachable(code) : `it did not answer within the time for "${late}"`);
    this.code = code;
    this.late = late;
  }

  /** Whether the other side's certificate, or its TLS, was refused. */
  get untrusted(): boolean {
    return isUntrusted(this.code);
  }
}

/** The server has asked to wait, and it is too soon. */
export class AskedToWait extends HttpFault {
  readonly code = "RETRY_AFTER";

  /** @param retryAfterMs how long still, milliseconds */
  constructor(readonly retryAfterMs: number) {
    super(`it asks to wait for ${Math.ceil(retryAfterMs / 1000)} s more`);
  }
}

/** The answer is larger than the limit, and was cut off. */
export class AnswerTooLarge extends HttpFault {
  readonly code = "ANSWER_TOO_LARGE";

  /** @param largest the limit, bytes */
  constructor(largest: number) {
    super(tooLarge(largest));
  }
}

/** The answer is a redirect that is not followed, because a credential must not follow. */
export class Redirected extends HttpFault {
  readonly code = "REDIRECT";
  readonly answer: HttpAnswer;

  constructor(answer: HttpAnswer) {
    super(redirected(answer.status));
    this.answer = answer;
  }
}

/** The answer redirects from https to plain http, where anybody could read what is sent. */
export class RedirectedToPlain extends HttpFault {
  readonly code = "REDIRECT";

  constructor() {
    super("it redirects to plain http, which is never followed");
  }
}

/** Why there is no connection, by a system or library code. */
export function unreachable(code: string): string {
  if (isRefusedTls(code))
    return `it refused our TLS, for want of a client certificate that it trusts, or of a version (${code})`;
  return isUntrusted(code) ? `its certificate is not trusted (${code})` : `it cannot be reached (${code})`;
}

/** Whether the other side ended TLS: the alert is its own word. */
function isRefusedTls(code: string): boolean {
  return code.includes("_ALERT_");
}

/** @param largest the limit, bytes */
export function tooLarge(largest: number): string {
  return `its answer is larger than ${megabytes(largest)}`;
}

export function redirected(status: number): string {
  return `it redirects to another address (${status}), which is not followed`;
}

export function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}

const UNTRUSTED = /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|ERR_TLS_|ERR_SSL_|EPROTO/;

/** Whether a system or library code says that the other side's certificate, or its TLS, was refused. */
export function isUntrusted(code: string): boolean {
  return UNTRUSTED.test(code);
}
