import { errorDocument, type GenesysSecretError } from "../core/errors";
import { harmlessJson, printable } from "../core/printable";
import type { Verdict } from "../genesys/try-login";

/** What became of one store. */
export interface Removal {
  readonly uri: string;
  readonly outcome: "removed" | "would remove" | "nothing" | "cannot" | "failed";
  /** What a login said of the secret that it holds. @default - none was tried */
  readonly secret?: Verdict["secret"];
  readonly reason?: string;
}

const WORDS: Readonly<Record<Removal["outcome"], string>> = {
  removed: "the client's secret was removed",
  "would remove": "holds the client's secret, which was not removed",
  nothing: "holds nothing of this client",
  cannot: "cannot be removed from here; what it holds becomes invalid with the client",
  failed: "failed",
};

/** The stores in lines for a person. */
export function removalLines(rows: readonly Removal[]): string[] {
  return rows.map(({ uri, outcome, secret, reason }) => {
    const said = [...(secret === undefined ? [] : [`a login says: ${secret}`]), ...(reason ? [reason] : [])];
    const more = said.length > 0 ? ` (${printable(said.join(", "))})` : "";
    return `${printable(uri)}: ${WORDS[outcome]}${more}`;
  });
}

/** The same as the JSON document of `--json`; never with a secret. */
export function removalJson(rows: readonly Removal[], error: GenesysSecretError | undefined): string {
  const stores = rows.map(({ uri, outcome, secret, reason }) => ({
    uri,
    outcome,
    secret: secret ?? null,
    reason: reason ?? null,
  }));
  return harmlessJson({ command: "remove", stores, error: error ? errorDocument(error) : null });
}
