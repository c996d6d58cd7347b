import { ProviderError } from "./diagnostic";

/**
 * What each connection has configured. One server stands in for every provider block of every engine that is attached
 * to it, and the engine opens a connection for each block: the connection tells them apart.
 */
export class Sessions<Session> {
  readonly #byPeer = new Map<string, Session>();

  /** Notes what a connection has configured. */
  open(peer: string, session: Session): void {
    this.#byPeer.set(peer, session);
  }

  /**
   * What this connection has configured.
   * @throws {ProviderError} when it has configured nothing
   */
  of(peer: string): Session {
    if (!this.#byPeer.has(peer)) throw new ProviderError("The provider was used before it was configured.");
    return this.#byPeer.get(peer) as Session;
  }

  /** Forgets a connection: its tokens end with it, and its port may be another's next. */
  close(peer: string): void {
    this.#byPeer.delete(peer);
  }
}
