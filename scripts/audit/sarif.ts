import { createHash } from "node:crypto";
import { relative, resolve, sep } from "node:path";
import type { Origin } from "./origin";
import { type AuditReport, byUrgency, type ReportedLeak } from "./report";
import type { FoundBy } from "./sighting";

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

const RULES = [
  {
    id: "structure",
    text: "A Genesys Cloud client secret where the Terraform provider, an output or a provider block puts one",
  },
  { id: "name", text: "What has the shape of a Genesys Cloud client secret, behind a name for one" },
  { id: "value", text: "The very secret that a store holds, outside of that store" },
  { id: "unread", text: "A file that could not be searched, or not to its end" },
] as const;

const LEVELS = { valid: "error", unknown: "warning", unchecked: "warning", invalid: "note" } as const;
/** The words of the property, which readers know. */
const LIVES = { valid: "alive", unknown: "unknown", unchecked: "unchecked", invalid: "dead" } as const;
const SAYINGS = {
  valid: "is alive: whoever reads this can sign in with it. Regenerate it now",
  unknown: "may be alive: it could not be told",
  unchecked: "may be alive: it was not tried",
  invalid: "is dead; nothing opens with it any more",
} as const;

/** A report as a SARIF 2.1.0 log, for code scanning; each place is a result. No part of it comes from a secret's value. */
export function toSarif(report: AuditReport, version: string): unknown {
  const leaks = byUrgency(report.leaks).flatMap((leak) => leak.places.map((place) => result(leak, place)));
  const unread = report.unread.map((origin) => ({
    ...common("unread", origin, 1, "unread"),
    level: "warning",
    message: { text: `This could not be searched to its end: ${origin.reason}.` },
  }));
  return {
    $schema: SCHEMA,
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "genesys-secret audit",
            semanticVersion: version,
            rules: RULES.map(({ id, text }) => ({ id: ruleId(id), shortDescription: { text } })),
          },
        },
        columnKind: "utf16CodeUnits",
        results: [...leaks, ...unread],
      },
    ],
  };
}

function result(leak: ReportedLeak, place: ReportedLeak["places"][number]): unknown {
  const { secret } = leak.verdict;
  const client = leak.clientId === undefined ? "" : ` of client ${leak.clientId}`;
  const seen = place.commit === undefined ? "" : `, in commit ${place.commit}`;
  return {
    ...common(place.foundBy, place, place.line, place.what),
    level: LEVELS[secret],
    message: {
      text: `The secret ${leak.fingerprint}${client} ${SAYINGS[secret]}. Found: ${place.what}${seen}.`,
    },
    properties: { life: LIVES[secret], ...(leak.clientId === undefined ? {} : { clientId: leak.clientId }) },
  };
}

function common(rule: FoundBy | "unread", origin: Origin, line: number, what: string) {
  const uri = uriOf(origin.file);
  const inside = [...origin.inside, what].join(" > ");
  return {
    ruleId: ruleId(rule),
    ruleIndex: RULES.findIndex(({ id }) => id === rule),
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri },
          // Lines of a thing in an archive are not lines of the archive.
          region: { startLine: origin.inside.length > 0 ? 1 : line },
        },
        logicalLocations: [{ fullyQualifiedName: inside }],
      },
    ],
    // Of where it stands, not of the value: it must be the same in the next run, and must not let a guess be proven.
    partialFingerprints: {
      "place/v1": createHash("sha256")
        .update(JSON.stringify([rule, uri, origin.commit, inside]))
        .digest("hex"),
    },
  };
}

function ruleId(rule: FoundBy | "unread"): string {
  return rule === "unread" ? "genesys-secret-unread" : `genesys-secret-by-${rule}`;
}

/** Relative to the working folder where it lies below it: code scanning wants paths of the repository. */
function uriOf(file: string): string {
  if (file === "-") return "standard-input";
  const path = relative(process.cwd(), resolve(file));
  const isBelow = path !== "" && !path.startsWith("..") && resolve(path) !== path;
  const encoded = (isBelow ? path : resolve(file)).split(sep).map(encodeURIComponent).join("/");
  return isBelow ? encoded : `file://${encoded.startsWith("/") ? "" : "/"}${encoded}`;
}
