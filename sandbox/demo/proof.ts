/** A claim of the demo, and whether it held. */
export interface Proof {
  readonly claim: string;
  readonly holds: boolean;
}

/** The claims as a table, one a line. */
export function proofTable(proofs: readonly Proof[]): string {
  return proofs.map(({ claim, holds }) => `  ${holds ? "yes" : "NO "}  ${claim}`).join("\n");
}
