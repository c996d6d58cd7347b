/** One request, without anything that opens a door: no secret, no token, no header, no body. */
export interface JournalEntry {
  /** When it arrived, ISO 8601. */
  readonly at: string;
  readonly method: string;
  /** The path without its query. */
  readonly path: string;
  /** Which page of a listing was asked for. @default - the request named none */
  readonly pageNumber?: number;
  /** The status that was answered; null while there is none, and for good when the connection was cut first. */
  status: number | null;
  /** The client whose id or token the request carried, when it is one of the org's. @default - nobody known */
  readonly clientId?: string;
}

/** Told of a request; the org waits for a promise that it returns. */
export type RequestListener = (entry: Readonly<JournalEntry>) => void | Promise<void>;

/** What was asked of the org, in the order in which it arrived. */
export class Journal {
  readonly #entries: JournalEntry[] = [];
  readonly #onArrival = new Set<RequestListener>();
  readonly #onEffect = new Set<RequestListener>();
  readonly #onAnswer = new Set<RequestListener>();

  get entries(): readonly Readonly<JournalEntry>[] {
    return this.#entries;
  }

  /** Registers a listener for requests that have arrived and had no effect yet. @returns its removal */
  onArrival(listener: RequestListener): () => void {
    this.#onArrival.add(listener);
    return () => this.#onArrival.delete(listener);
  }

  /** Registers a listener for requests that the org has acted on and not answered yet. @returns its removal */
  onEffect(listener: RequestListener): () => void {
    this.#onEffect.add(listener);
    return () => this.#onEffect.delete(listener);
  }

  /** Registers a listener for requests whose answer has left, or whose connection was cut. @returns its removal */
  onAnswer(listener: RequestListener): () => void {
    this.#onAnswer.add(listener);
    return () => this.#onAnswer.delete(listener);
  }

  async arrived(request: Omit<JournalEntry, "at" | "status">): Promise<JournalEntry> {
    const entry: JournalEntry = { at: new Date().toISOString(), ...request, status: null };
    this.#entries.push(entry);
    for (const listener of this.#onArrival) await listener(entry);
    return entry;
  }

  async acted(entry: JournalEntry): Promise<void> {
    for (const listener of this.#onEffect) await listener(entry);
  }

  async answered(entry: JournalEntry, status: number | null): Promise<void> {
    entry.status = status;
    for (const listener of this.#onAnswer) await listener(entry);
  }
}
