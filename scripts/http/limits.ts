const MB = 1024 * 1024;

/** What one request may take. */
export interface RequestLimits {
  /** For finding the host, for connecting, and for TLS, each. */
  readonly connectMs: number;
  /** For one attempt, from its start to the last byte of its answer. */
  readonly wholeMs: number;
  /** Attempts of one call. */
  readonly attempts: number;
  /** In bytes, far above any answer of the calls that are made. */
  readonly largestAnswer: number;
}

const ONCE: RequestLimits = { connectMs: 10_000, wholeMs: 30_000, attempts: 1, largestAnswer: MB };

/** As many attempts as the retry rule makes within the time that the call has. */
const WITHIN_TIME = Number.POSITIVE_INFINITY;

/** The limits of all requests that the program makes, by whom it asks. */
export const LIMITS = {
  /** A page of clients is some 100 kB. */
  genesys: { ...ONCE, attempts: WITHIN_TIME, largestAnswer: 8 * MB },
  /** Servers that stores talk to in JSON: Vault, GitHub, GitLab, Google Secret Manager. */
  json: { ...ONCE, attempts: WITHIN_TIME },
  /** Where Google's library gets its tokens: whether to repeat is its decision. */
  googleToken: ONCE,
  /** A Secret has 1 MB at most, and its answer repeats parts of it. The protocol repeats what must not be lost. */
  kubernetes: { ...ONCE, largestAnswer: 8 * MB },
  /** A secret has 25 kB at most. The SDK has no limit for connecting alone. The protocol repeats. */
  azure: ONCE,
  /** The SDK repeats by count and not by time: its attempts together take as long as one elsewhere. A secret has 64 kB. */
  aws: { connectMs: 5_000, wholeMs: 10_000, attempts: 3, largestAnswer: MB },
} as const satisfies Record<string, RequestLimits>;

/** A limit in bytes, for a message: "8 MB". */
export function megabytes(bytes: number): string {
  return `${bytes / MB} MB`;
}
