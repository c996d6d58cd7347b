import type { Ports } from "./detour";

/** What the calling process is to do. */
export interface Call {
  readonly environment: Readonly<Record<string, string>>;
  readonly ports: Ports;
  /** A store to prepare, or the service of Genesys Cloud to send a credential to. */
  readonly to: { readonly store: string } | { readonly genesys: "login" | "api" };
}

/** What came of it, in words. */
export interface Outcome {
  readonly said: string;
}
