/** What goes back over HTTP. */
export interface Answer {
  readonly status: number;
  /** @default - only those that every answer has */
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON, a string as it is. @default - no body */
  readonly body?: unknown;
}

/** What came in over HTTP, read to its end. */
export interface OrgRequest {
  readonly method: string;
  /** The path alone, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The header Authorization. @default - the request has none */
  readonly authorization?: string;
  readonly body: string;
  /** Whence it came: an IP address. */
  readonly address: string;
}
