import { Deadline } from "../core/deadline";
import type { HttpAnswer } from "./answer";
import { AskedToWait } from "./fault";

/** What a server asked for by Retry-After: nothing is sent to it sooner. */
export class ServerPause {
  #over = new Deadline(0);

  /** Takes note of what an answer asks for. */
  note({ status, headers }: Pick<HttpAnswer, "status" | "headers">): void {
    const asked = status >= 400 ? milliseconds(headers["retry-after"]) : 0;
    if (asked > 0) this.#over = new Deadline(asked);
  }

  /** @throws {AskedToWait} when it is too soon */
  assertOver(): void {
    const left = Math.ceil(this.#over.remaining);
    if (left > 0) throw new AskedToWait(left);
  }
}

/** A Retry-After: seconds, or a date. What is neither asks for nothing. */
function milliseconds(text = ""): number {
  const asked = /^\d+$/.test(text.trim()) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isFinite(asked) ? asked : 0;
}
