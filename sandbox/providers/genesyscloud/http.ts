import { setTimeout as sleep } from "node:timers/promises";
import { NoAnswerError } from "./api-error";

/** An answer whose body has been read. */
export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

const TRANSIENT: ReadonlySet<number> = new Set([429, 502, 503, 504]);
const SHORTEST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
// The real provider tries 20 times. On one's own machine a fault that lasts is wanted in seconds, not in minutes.
const ATTEMPTS = 5;

/**
 * Sends a request and reads its answer. A transient refusal is repeated, after the time that the server names.
 * @throws {NoAnswerError} when no answer comes
 */
export async function send(method: string, url: string, init: Omit<RequestInit, "method">): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(url, { ...init, method }).catch((error: unknown) => {
      throw new NoAnswerError(`${method} ${new URL(url).pathname}: ${reason(error)}`);
    });
    const content = await response.text().catch(() => {
      throw new NoAnswerError(`${method} ${new URL(url).pathname}: the answer broke off`);
    });
    if (TRANSIENT.has(response.status) && attempt < ATTEMPTS) {
      await sleep(waitBefore(attempt, response.headers.get("retry-after")));
      continue;
    }
    return { status: response.status, body: parse(content) };
  }
}

function waitBefore(attempt: number, retryAfter: string | null): number {
  const asked = retryAfter ? Number(retryAfter) * 1_000 : Number.NaN;
  const wanted = Number.isFinite(asked) ? asked : SHORTEST_WAIT_MS * 2 ** (attempt - 1);
  return Math.min(Math.max(wanted, SHORTEST_WAIT_MS), LONGEST_WAIT_MS);
}

/** The system's code (ECONNREFUSED) of a failed fetch; its own text is always "fetch failed". */
function reason(error: unknown): string {
  const cause = error instanceof Error ? (error.cause as { code?: string } | undefined) : undefined;
  return cause?.code ?? "no answer";
}

function parse(content: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(content);
    return typeof parsed === "object" && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
