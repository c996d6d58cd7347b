import type { Fault } from "../../../sandbox/org";
import { CALLS, type RequestTrouble, type Trouble } from "./trouble";

const HTML = "<html><body>We will be back soon.</body></html>";

/** A request's trouble in the terms of a gate. */
export function faultOf({ of, what, skip, times }: RequestTrouble): Fault {
  const where = typeof of === "number" ? CALLS.any : CALLS[of];
  const when = { skip, times: times ?? Number.POSITIVE_INFINITY };
  const fault = { ...where, ...when };
  switch (what.is) {
    case "reset before the effect":
      return { ...fault, drop: "before" };
    case "reset after the effect":
      return { ...fault, drop: "after" };
    case "acts late":
      return { ...fault, delayMs: what.ms };
    case "answers late":
      return { ...fault, answerDelayMs: what.ms };
    case "trickles":
      return { ...fault, trickleMs: what.ms };
    case "cut":
      return { ...fault, truncate: true };
    case "lacks its last byte":
      return { ...fault, shortenBy: 1 };
    case "broken":
      return { ...fault, status: 200, body: what.body, afterEffect: what.acts };
    case "login rate limit":
      return { ...fault, ...CALLS.login, status: 400, body: RATE_LIMIT };
    case "token expired":
      return { ...fault, status: 401, body: apiError(401, "bad.credentials") };
    case "status":
      return { ...fault, status: what.status, body: bodyOf(what.body, what.status) };
    case "5xx":
      return {
        ...fault,
        status: what.status,
        body: bodyOf(what.body, what.status),
        afterEffect: what.acts,
      };
    case "429":
      return {
        ...fault,
        status: 429,
        headers: retryAfter(what.after, what.date),
        body: apiError(429, "too.many"),
      };
  }
}

/** Whether it says that all is well although nothing was done. */
export function isLie({ what }: RequestTrouble): boolean {
  return what.is === "broken" && !what.acts;
}

/** Whether it says that something is not there that is, or shows something else in its place. */
export function misleads({ what }: RequestTrouble): boolean {
  return what.is === "broken" || (what.is === "status" && what.status === 404);
}

/** Whether a token ends before its time by it. */
export function endsTokens(trouble: Trouble): boolean {
  return trouble.kind === "request" ? trouble.what.is === "token expired" : trouble.kind === "tokens revoked";
}

/** Whether it may hide what was done. */
export function mayLose({ what }: RequestTrouble): boolean {
  const { is } = what;
  if (is === "5xx" || is === "broken") return what.acts;
  return !["status", "429", "login rate limit", "token expired", "reset before the effect"].includes(is);
}

const RATE_LIMIT = {
  error: "invalid_request",
  error_description: "rate limit exceeded; retry in 1 seconds",
};

function bodyOf(kind: "none" | "json" | "html", status: number): unknown {
  return kind === "json" ? apiError(status, "torture") : kind === "html" ? HTML : undefined;
}

function apiError(status: number, code: string): object {
  return { message: "So it goes.", code, status, contextId: "7c1d2e3f-4a5b-4c6d-8e9f-0a1b2c3d4e5f" };
}

/** @param seconds as a number, or as the date that is so far ahead; null: none */
function retryAfter(seconds: number | null, date: boolean): Record<string, string> {
  if (seconds === null) return {};
  const text = date ? new Date(Date.now() + seconds * 1000).toUTCString() : String(seconds);
  return { "Retry-After": text };
}
