import { errorDocument, type GenesysSecretError } from "../core/errors";
import { harmlessJson, printable, quote } from "../core/printable";
import type { RotationReport, StoreReport } from "../rotation/report";

const HOLDINGS: Readonly<Record<StoreReport["holds"], string>> = {
  verified: "holds the new secret; read back, it logs in",
  acknowledged: "was given the new secret; it cannot be read back",
  unverified: "was given the new secret, which was not seen to log in",
  "not written": "is NOT known to hold the new secret",
  "another run's": "holds the secret of another run",
  untouched: "untouched",
};

/** The same after a copy, which made no new secret. */
const COPIED: Readonly<Partial<Record<StoreReport["holds"], string>>> = {
  verified: "holds the working secret; read back, it logs in",
  acknowledged: "was given the working secret; it cannot be read back",
  unverified: "holds the secret, which was not seen to log in",
  untouched: "was given the working secret by an earlier run; it cannot be read back",
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
    const rows = report.secret === "not changed" ? [] : stores.map((store) => storeLine(store));
    return [...errorLines(error), ...rows];
  }
  const who = client ? `${quote(client.name)} (${printable(client.id)})` : "the client";
  switch (outcome) {
    case "regenerated":
      return [
        `Done: the secret of ${who} was regenerated${report.verified === false ? "" : " and logs in"}.`,
        ...doubtLines(report),
        ...twinLines(report),
        ...stores.map((store) => storeLine(store)),
      ];
    case "copied":
      return [
        `Done: the secret of ${who} was not changed.`,
        ...doubtLines(report),
        ...twinLines(report),
        ...stores.map((store) => storeLine(store, COPIED)),
      ];
    default:
      return [
        `Dry run: nothing was changed. A run ${outcome} the secret of ${who}: ${report.reason}.`,
        ...stores.flatMap(({ uri, notTried }) =>
          notTried === undefined ? [] : [`  Not tried in ${printable(uri)}: ${notTried}.`],
        ),
      ];
  }
}

/** The report as the JSON document of `--json`. */
export function reportJson(report: RotationReport): string {
  const { client, error } = report;
  return harmlessJson({
    command: "regenerate",
    outcome: report.outcome,
    secret: report.secret,
    reason: report.reason ?? null,
    client: client ? { id: client.id, name: client.name, grant: client.authorizedGrantType } : null,
    idle: report.idle ? { id: report.idle.id, name: report.idle.name } : null,
    stores: report.stores.map(({ notTried, ...store }) =>
      notTried === undefined ? store : { ...store, not_tried: notTried },
    ),
    verified: report.verified ?? null,
    unverified: report.unverified ?? null,
    error: error ? errorDocument(error) : null,
  });
}

function doubtLines({ verified, unverified }: RotationReport): string[] {
  if (verified !== false) return [];
  return [
    `  NOT verified: ${printable(unverified ?? "it was not seen to log in")}.`,
    "  Where the client may log in, genesys-secret verify tells whether it does.",
  ];
}

function twinLines({ client, idle }: RotationReport): string[] {
  if (!client || !idle) return [];
  return [
    `  In use now: ${quote(client.name)}. ${quote(idle.name)} (${printable(idle.id)}) keeps its secret until the next rotation.`,
  ];
}

function storeLine({ uri, holds, reason }: StoreReport, words: Partial<typeof HOLDINGS> = HOLDINGS): string {
  return `  ${printable(uri)} ${words[holds] ?? HOLDINGS[holds]}${reason === undefined ? "" : `: ${printable(reason)}`}`;
}
