import { setMaxListeners } from "node:events";
import { InterruptedError, type InterruptSignal } from "../core/errors";

/** The end of a fleet's run before its time: nobody is started any more, and those under way are told. */
export class Stop {
  readonly #abort = new AbortController();
  readonly #listeners = new Set<(signal: InterruptSignal) => void>();
  #received: InterruptSignal | undefined;

  constructor() {
    // Each request that waits for its turn listens.
    setMaxListeners(0, this.#abort.signal);
  }

  /** Aborted by the first interrupt, with an InterruptedError. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** The first interrupt so far. */
  get received(): InterruptSignal | undefined {
    return this.#received;
  }

  interrupt(signal: InterruptSignal): void {
    if (this.#received) return;
    this.#received = signal;
    const remedy = "Run again when you are ready.";
    this.#abort.abort(new InterruptedError(signal, "Interrupted before the secret was touched.", { remedy }));
    for (const listener of this.#listeners) listener(signal);
  }

  /** @returns the listener's removal */
  listen(listener: (signal: InterruptSignal) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
