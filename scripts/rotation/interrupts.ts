import { InterruptedError, type InterruptSignal } from "../core/errors";

/**
 * Interrupts in two manners: before the irreversible call they stop the run at once, after it they wait until the
 * secret is stored and verified.
 */
export class Interrupts {
  readonly #abort = new AbortController();
  readonly #parentIsGone: () => boolean;
  #critical = false;
  #received: InterruptSignal | undefined;

  /** @param parentIsGone whether whoever started this run is gone; asked once, just before the irreversible call */
  constructor(parentIsGone: () => boolean = () => false) {
    this.#parentIsGone = parentIsGone;
  }

  /** Aborted by an interrupt before the critical section; never after. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** The first interrupt so far. */
  get received(): InterruptSignal | undefined {
    return this.#received;
  }

  /** Whether interrupts have to wait by now. */
  get critical(): boolean {
    return this.#critical;
  }

  /** Takes note of an interrupt. */
  interrupt(signal: InterruptSignal): void {
    this.#received ??= signal;
    if (!this.#critical) this.#abort.abort();
  }

  /** Gives up waiting for `work` as soon as an interrupt comes. */
  async guard<T>(work: Promise<T>): Promise<T> {
    let stop: () => void = () => {};
    const interrupted = new Promise<never>((_, reject) => {
      stop = () => reject(this.#stopped());
      if (this.#abort.signal.aborted) stop();
      else this.#abort.signal.addEventListener("abort", stop);
    });
    try {
      return await Promise.race([work, interrupted]);
    } catch (error) {
      // What the abort tore down reports itself in many ways; the interrupt is what happened.
      throw this.#abort.signal.aborted ? this.#stopped() : error;
    } finally {
      this.#abort.signal.removeEventListener("abort", stop);
    }
  }

  /**
   * From here on nothing stops the run.
   * @throws {InterruptedError} when an interrupt came, or the parent went, just before
   */
  enterCriticalSection(): void {
    if (this.#parentIsGone()) this.interrupt("SIGHUP");
    if (this.#received) throw this.#stopped();
    this.#critical = true;
  }

  #stopped(): InterruptedError {
    return new InterruptedError(this.#received ?? "SIGTERM", "Interrupted before the secret was touched.", {
      remedy: "Run again when you are ready.",
    });
  }
}
