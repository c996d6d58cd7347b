import type { IncomingHttpHeaders } from "node:http";
import { isLoginRateLimit } from "./login-answers";

/** An answer, whatever its status. */
export interface Answer {
  readonly kind: "answer";
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The parsed JSON; undefined when the body is empty or not JSON. */
  readonly body: unknown;
}

/** No answer came, or not a whole one. */
export interface NoAnswer {
  readonly kind: "no answer";
  /** A system or library code such as ECONNREFUSED: safe to print. */
  readonly reason: string;
  /** The request certainly never reached the server. */
  readonly neverSent: boolean;
  readonly untrusted: boolean;
}

/** What came of a call: an answer, of a success or not, or none. */
export type Reply = Answer | NoAnswer;

/** One line on a reply that is of no use; holds no header and no body but a server's own message. */
export function describeReply(reply: Reply): string {
  if (reply.kind === "no answer") return `No answer from Genesys Cloud (${reply.reason})`;
  if (isLoginRateLimit(reply)) return "The login service limits the rate";
  return reply.status === 429
    ? "Genesys Cloud limits the rate (429)"
    : `Genesys Cloud answered ${reply.status}`;
}
