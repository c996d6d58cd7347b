import type { Rate } from "./rate";

interface Waiting {
  readonly go: () => void;
  readonly giveUp: () => void;
  readonly patience: AbortSignal | undefined;
}

/** A queue in which requests wait for their turn, first come, first served. */
export class Pace {
  readonly #rate: Rate;
  readonly #queue: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  /** How many wait. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Milliseconds until the next may go, as far as is known now. */
  get pause(): number {
    return this.#rate.wait(performance.now());
  }

  /**
   * Waits for a turn.
   * @param patience aborted, it ends the waiting: the promise is rejected with its reason
   */
  turn(patience?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (patience?.aborted) return reject(patience.reason);
      const waiting: Waiting = {
        go: resolve,
        giveUp: () => {
          this.#queue.splice(this.#queue.indexOf(waiting), 1);
          reject(patience?.reason);
        },
        patience,
      };
      patience?.addEventListener("abort", waiting.giveUp);
      this.#queue.push(waiting);
      this.#serve();
    });
  }

  /** Lets those go whose turn it is; to be called, too, when the rate may have changed. */
  #serve(): void {
    clearTimeout(this.#timer);
    for (;;) {
      const now = performance.now();
      const wait = this.#queue.length === 0 ? 0 : this.#rate.wait(now);
      if (wait > 0) {
        this.#timer = setTimeout(() => this.#serve(), wait);
        return;
      }
      const next = this.#queue.shift();
      if (!next) return;
      this.#rate.take(now);
      next.patience?.removeEventListener("abort", next.giveUp);
      next.go();
    }
  }
}
