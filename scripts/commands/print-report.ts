import type { GenesysSecretError } from "../errors";
import { printable, quote } from "../printable";
import type { RotationReport, StoreReport } from "../rotation/report";

const HOLDINGS: Readonly<Record<StoreReport["holds"], string>> = {
  verified: "holds the new secret; read back, it logs in",
  acknowledged: "was given the new secret; it cannot be read back",
  unverified: "was given the new secret, which was not seen to log in",
  "not written": "is NOT known to hold the new secret",
  "another run's": "holds the secret of another run",
  untouched: "untouched",
};

/** An error in lines for a person: what happened, whether the secret was changed, what to do next. */
export function errorLines(error: GenesysSecretError): string[] {
  return [
    `Error ${error.code}: ${error.message}`,
    `  Secret:    ${error.secret}`,
    `  Do next:   ${error.remedy}`,
    ...(error.contextId === undefined ? [] : [`  contextId: ${error.contextId} (for Genesys support)`]),
  ];
}

/** The end of a run in lines for a person. */
export function reportLines(report: RotationReport): string[] {
  const { client, error, outcome, stores } = report;
  if (error) {
    const rows = report.secret === "not changed" ? [] : stores.map(storeLine);
    return [...errorLines(error), ...rows];
  }
  const who = client ? `${quote(client.name)} (${printable(client.id)})` : "the client";
  switch (outcome) {
    case "regenerated":
      return [`Done: the secret of ${who} was regenerated and logs in.`, ...stores.map(storeLine)];
    case "copied":
      return [`Done: the secret of ${who} was not changed; every store holds it.`, ...stores.map(storeLine)];
    default:
      return [`Dry run: nothing was changed. A run ${outcome} the secret of ${who}: ${report.reason}.`];
  }
}

/** The report as the JSON document of `--json`. */
export function reportJson(report: RotationReport): string {
  const { client, error } = report;
  return JSON.stringify({
    command: "regenerate",
    outcome: report.outcome,
    secret: report.secret,
    reason: report.reason ?? null,
    client: client ? { id: client.id, name: client.name, grant: client.authorizedGrantType } : null,
    stores: report.stores,
    error: error
      ? {
          code: error.code,
          exit: error.exitCode,
          message: error.message,
          remedy: error.remedy,
          context_id: error.contextId ?? null,
        }
      : null,
  });
}

function storeLine({ uri, holds, reason }: StoreReport): string {
  return `  ${printable(uri)} ${HOLDINGS[holds]}${reason === undefined ? "" : `: ${printable(reason)}`}`;
}
