import { errorDocument, type GenesysSecretError } from "../core/errors";
import { harmlessJson, printable } from "../core/printable";
import type { StoreReport } from "../rotation/report";

/** What is known at the end of an adoption; never the secret. */
export interface Adoption {
  clientId?: string;
  /** Whether a login has taken the secret. */
  verified: boolean;
  /** What becomes of the next rotation that a stack asks for. */
  next?: keyof typeof NEXT;
  stores: readonly StoreReport[];
  error?: GenesysSecretError;
}

const HOLDINGS: Readonly<Record<StoreReport["holds"], string>> = {
  verified: "holds the secret; read back, it logs in",
  acknowledged: "was given the secret; it cannot be read back",
  unverified: "holds the secret, which was not seen to log in",
  "not written": "is NOT known to hold the secret",
  "another run's": "holds the secret of another run",
  untouched: "untouched",
};

const NEXT = {
  spared: "The first rotation that a stack asks for counts as done.",
  due: "A store had it already: its rotation stays noted, and the next one is not spared.",
  unseen: "None of the stores can be read: the first rotation that a stack asks for makes a new secret.",
} as const;

/** The end of an adoption in lines for a person. */
export function adoptionLines({ clientId = "", verified, next, stores }: Adoption): string[] {
  return [
    `Done: the secret of the client ${printable(clientId)} is stored; it was not changed.`,
    ...stores.map(
      ({ uri, holds, reason }) =>
        `  ${printable(uri)} ${HOLDINGS[holds]}${reason === undefined ? "" : `: ${printable(reason)}`}`,
    ),
    ...(verified ? [] : ["  No login was tried: verify it where the client may log in."]),
    ...(next === undefined ? [] : [`  ${NEXT[next]}`]),
  ];
}

/** The same as the JSON document of `--json`; never with the secret. */
export function adoptionJson({ clientId, verified, stores, error }: Adoption): string {
  return harmlessJson({
    command: "adopt",
    outcome: error ? "failed" : "adopted",
    secret: "not changed",
    client: clientId === undefined ? null : { id: clientId },
    verified: error ? false : verified,
    stores,
    error: error ? errorDocument(error) : null,
  });
}
