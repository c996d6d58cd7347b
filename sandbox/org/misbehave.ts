import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Answer } from "./answer";
import type { Fault } from "./fault";
import { cutShort, send, trickle } from "./send";

/**
 * The answer to a request that meets a fault.
 *
 * @param act lets the server do what was asked, and gives its own answer
 * @param closing ends the waiting
 * @returns nothing when the connection is to be cut
 */
export async function answerWith(
  fault: Fault | undefined,
  act: () => Answer | Promise<Answer>,
  closing: AbortSignal,
): Promise<Answer | undefined> {
  if (!fault) return act();
  if (fault.delayMs) await sleep(fault.delayMs, undefined, { signal: closing });
  if (fault.drop === "before") return undefined;
  const replaced = [fault.status, fault.headers, fault.body].some((one) => one !== undefined);
  const acts = !replaced || fault.afterEffect || fault.drop === "after";
  const own = acts ? await act() : undefined;
  if (fault.answerDelayMs) await sleep(fault.answerDelayMs, undefined, { signal: closing });
  if (fault.drop === "after") return undefined;
  const answer = replaced ? { status: fault.status ?? 200, headers: fault.headers, body: fault.body } : own;
  return answer && fault.shortenBy ? shortened(answer, fault.shortenBy) : answer;
}

function shortened(answer: Answer, bytes: number): Answer {
  const { body } = answer;
  if (body === undefined) return answer;
  const text = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  const headers = { "Content-Type": "application/json", ...answer.headers };
  return { ...answer, headers, body: text.subarray(0, Math.max(0, text.length - bytes)).toString("utf8") };
}

/** Sends it as the fault has it; resolves when it has left, or when nobody waits for it any more. */
export function deliver(fault: Fault | undefined, response: ServerResponse, answer: Answer): Promise<void> {
  if (fault?.truncate) return cutShort(response, answer);
  return fault?.trickleMs ? trickle(response, answer, fault.trickleMs) : send(response, answer);
}
