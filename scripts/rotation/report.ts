import type { GenesysSecretError, SecretState } from "../core/errors";
import type { OAuthClient } from "../genesys/answers";

/** What a store is known to hold at the end of a run. */
export type Holding =
  /** Read back, and what it gave logs in. */
  | "verified"
  /** Written and acknowledged; it cannot be read back. */
  | "acknowledged"
  /** Written, and read back if it has no reason, but not (yet) seen to log in. */
  | "unverified"
  /** No write was acknowledged. What it holds is dead, if the secret changed and the store did not act all the same. */
  | "not written"
  /** The secret of another run is there, and ours was not seen to log in after it. */
  | "another run's"
  /** Not touched. */
  | "untouched";

export interface StoreReport {
  readonly uri: string;
  readonly holds: Holding;
  /** Why it was not written or not verified. */
  readonly reason?: string;
  /** Of a dry run: what it did not try there. */
  readonly notTried?: string;
}

/** All that is known at the end of a run; never the secret. */
export interface RotationReport {
  readonly outcome: "regenerated" | "copied" | "would regenerate" | "would copy" | "failed";
  readonly secret: SecretState;
  /** The client; of twins the one that is in use now. */
  readonly client?: OAuthClient;
  /** Of twins the other one, which is regenerated next. */
  readonly idle?: OAuthClient;
  /** Why it was regenerated or copied. */
  readonly reason?: string;
  readonly stores: readonly StoreReport[];
  /** Whether the secret was seen to log in. @default - it was not tried, because nothing was stored */
  readonly verified?: boolean;
  /** Why it was not seen to log in, though the run did not fail by it. */
  readonly unverified?: string;
  readonly error?: GenesysSecretError;
}
