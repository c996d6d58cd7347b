/** How a secret was found, the surest first. */
export type FoundBy = "value" | "structure" | "name";

/** A secret seen in one place of one stream of bytes. */
export interface Sighting {
  /** The secret in clear. It stays in memory: no report shows it. */
  readonly value: string;
  /** Where it begins, bytes from the start of the stream. */
  readonly offset: number;
  readonly line: number;
  readonly foundBy: FoundBy;
  /** What it is there: "genesyscloud_oauth_client.orders, client_secret". */
  readonly what: string;
  /** The client that it belongs to, where that stands beside it. */
  readonly clientId?: string;
  /** Whether the client is no more than the nearest of several. */
  readonly nearest?: boolean;
}

/** Told of each sighting; `at` is where it begins in the whole stream. */
export type Found = (sighting: Omit<Sighting, "line">) => void;
