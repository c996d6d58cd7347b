import { newToken } from "./random-credential";

/** An access token of a client. */
export interface Token {
  readonly value: string;
  readonly clientId: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Every token that the login service has given, and which of them still open the API. */
export class TokenBook {
  readonly #tokens = new Map<string, Token>();
  readonly #revoked = new Set<string>();

  /** @param seconds until it expires */
  issue(clientId: string, seconds: number): Token {
    const token = { value: newToken(), clientId, expiresAt: Date.now() + seconds * 1000 };
    this.#tokens.set(token.value, token);
    return token;
  }

  /** The token, if it was issued here, is not revoked and has not expired. */
  live(value: string): Token | undefined {
    const token = this.#tokens.get(value);
    return token && !this.#revoked.has(value) && token.expiresAt > Date.now() ? token : undefined;
  }

  /** Whose token it is, or was. */
  ownerOf(value: string): string | undefined {
    return this.#tokens.get(value)?.clientId;
  }

  revoke(value: string): void {
    this.#revoked.add(value);
  }

  /** A client that is deleted takes its tokens with it; one that got a new secret keeps them. */
  revokeAllOf(clientId: string): void {
    for (const token of this.#tokens.values()) {
      if (token.clientId === clientId) this.#revoked.add(token.value);
    }
  }

  /** Every token since the start, live or not. */
  everyValue(): string[] {
    return [...this.#tokens.keys()];
  }
}
