import type { GenesysSecretError } from "../core/errors";
import type { OAuthClient } from "../genesys/answers";
import type { RotationReport } from "../rotation/report";

/** What became of one client of a fleet; never the secret. */
export interface Row {
  /** The client as the manifest names it. */
  readonly label: string;
  /** The client; of twins the one that is in use. */
  readonly client?: Pick<OAuthClient, "id" | "name">;
  /** Of twins the other one. */
  readonly idle?: Pick<OAuthClient, "id" | "name">;
  readonly outcome:
    | RotationReport["outcome"]
    /** Its slot has its rotation already, and the secret is not known to be invalid. */
    | "not due"
    /** The run that this one takes up has done it. */
    | "done before"
    /** The run ended before its turn. */
    | "not started";
  readonly secret: RotationReport["secret"];
  /** Why it was regenerated, copied or left alone. */
  readonly reason?: string;
  readonly stores: RotationReport["stores"];
  /** Whether its secret was seen to log in. @default - it was not tried */
  readonly verified?: boolean;
  readonly error?: GenesysSecretError;
}

/** A row of a client of which nothing was touched. */
export function untouched(
  label: string,
  outcome: Row["outcome"],
  more: Pick<Row, "client" | "reason" | "error" | "verified"> = {},
): Row {
  return { label, outcome, secret: "not changed", stores: [], ...more };
}

/** Whether something is left to do for this client that was to be done. */
export function isLeft({ outcome }: Row): boolean {
  return outcome === "failed" || outcome === "not started";
}
