import { clearLine, cursorTo } from "node:readline";
import type { Progress } from "../core/progress";
import type { Row } from "./row";

const REFRESH_MS = 250;
const WIDTH = 80;
const BAR = 20;
/** A wait that is worth a word, milliseconds. */
const LONG_PAUSE_MS = 2_000;

/** What the person who waits for a fleet sees: on a terminal one line that stays, elsewhere a line a client. */
export class Board implements Progress {
  readonly #stream: NodeJS.WriteStream;
  readonly #live: boolean;
  readonly #pause: () => number;
  #timer: NodeJS.Timeout | undefined;
  #total = 0;
  #done = 0;
  #failed = 0;
  #startedAt = 0;

  /** @param pause milliseconds until Genesys Cloud takes the next request */
  constructor(stream: NodeJS.WriteStream, pause: () => number) {
    this.#stream = stream;
    this.#live = stream.isTTY === true && !process.env.CI && process.env.TERM !== "dumb";
    this.#pause = pause;
  }

  /** From here on clients are counted. */
  begin(total: number): void {
    this.#total = total;
    this.#startedAt = performance.now();
    if (this.#live) this.#timer = setInterval(() => this.#draw(), REFRESH_MS);
  }

  info(line: string): void {
    this.#clear();
    this.#stream.write(`${line}\n`);
    this.#draw();
  }

  warn(line: string): void {
    this.info(`Warning: ${line}`);
  }

  /** A client is done with, one way or the other. */
  row({ label, outcome, error }: Row): void {
    this.#done += 1;
    if (error) this.#failed += 1;
    if (error) this.info(`${this.#count()} ${label}: ${outcome}, ${error.code}: ${error.message}`);
    else if (!this.#live) this.info(`${this.#count()} ${label}: ${outcome}`);
  }

  end(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#clear();
  }

  #count(): string {
    return `[${this.#done}/${this.#total}]`;
  }

  #clear(): void {
    if (!this.#live) return;
    cursorTo(this.#stream, 0);
    clearLine(this.#stream, 0);
  }

  #draw(): void {
    if (!this.#timer) return;
    this.#clear();
    this.#stream.write(this.#line().slice(0, (this.#stream.columns ?? WIDTH) - 1));
  }

  #line(): string {
    const share = this.#total === 0 ? 1 : this.#done / this.#total;
    const filled = Math.round(share * BAR);
    const seconds = (performance.now() - this.#startedAt) / 1000;
    const left =
      this.#done === 0 ? "" : `, ${lengthOf((seconds / this.#done) * (this.#total - this.#done))} left`;
    const failed = this.#failed === 0 ? "" : `, ${this.#failed} failed`;
    const waits = this.#pause() > LONG_PAUSE_MS ? ", waiting for the rate limit" : "";
    return `${"=".repeat(filled)}${".".repeat(BAR - filled)} ${this.#done} of ${this.#total}${failed}${left}${waits}`;
  }
}

/** A length of time in words: "3 min 26 s". */
export function lengthOf(seconds: number): string {
  const whole = Math.ceil(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
