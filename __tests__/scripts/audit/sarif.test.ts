import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { type AuditReport, hasFindings } from "../../../scripts/audit/report";
import { toSarif } from "../../../scripts/audit/sarif";
import { describeUnlessMissing } from "../../helpers/engines";
import { missingTools } from "../../helpers/tools";

const ID = "5f0c1a7e-1111-4a5b-8c6d-0123456789ab";
const place = {
  inside: [],
  isNamed: true,
  line: 12,
  foundBy: "structure",
  what: "genesyscloud_oauth_client.orders, client_secret",
} as const;
const leak = {
  fingerprint: "#0a1b2c3d",
  clientId: ID,
  owners: [{ clientId: ID, nearest: false }],
  killed: false,
};

/** One of everything that a report can say. */
const REPORT: AuditReport = {
  leaks: [
    {
      ...leak,
      verdict: { secret: "invalid", reason: "invalid_client", clientId: ID },
      places: [
        { ...place, file: "infra/terraform.tfstate" },
        { ...place, file: "infra/odd name #1?.tfstate", commit: "0123456789abcdef0123456789abcdef01234567" },
        { ...place, file: "/var/plans/a plan", inside: ["tfstate"] },
        { ...place, file: "-" },
      ],
    },
    {
      ...leak,
      verdict: { secret: "valid", clientId: ID },
      places: [{ ...place, file: "a.log", foundBy: "name" }],
    },
    {
      ...leak,
      clientId: undefined,
      owners: [],
      verdict: { secret: "unchecked", reason: "x" },
      places: [{ ...place, file: "../b", foundBy: "value" }],
    },
  ],
  unread: [{ file: "c.tfstate", inside: [], isNamed: true, reason: "it ends in the middle, after 13 bytes" }],
  encrypted: [],
  unlisted: 0,
  streams: 5,
  unreadHistories: 0,
  bytes: 5000,
};

interface Log {
  runs: {
    tool: { driver: { rules: { id: string }[] } };
    results: {
      ruleId: string;
      ruleIndex: number;
      level: string;
      locations: { physicalLocation: { artifactLocation: { uri: string }; region: { startLine: number } } }[];
      partialFingerprints: Record<string, string>;
    }[];
  }[];
}
const log = (report: AuditReport = REPORT): Log => JSON.parse(JSON.stringify(toSarif(report, "1.2.3")));
const results = (report?: AuditReport) => log(report).runs[0]?.results ?? [];

test("each place is a result, the worst first; only what lives is an error, and what is dead a note", () => {
  expect(results().map(({ level }) => level)).toEqual([
    "error",
    "warning",
    "note",
    "note",
    "note",
    "note",
    "warning",
  ]);
});

test("a path below the working folder is relative, as code scanning wants it; others are URIs", () => {
  expect(results().map(({ locations }) => locations[0]?.physicalLocation.artifactLocation.uri)).toEqual([
    "a.log",
    expect.stringMatching(/^file:\/\/\/.*\/b$/),
    "infra/terraform.tfstate",
    "infra/odd%20name%20%231%3F.tfstate",
    "file:///var/plans/a%20plan",
    "standard-input",
    "c.tfstate",
  ]);
});

test("each result's rule is the one at its index", () => {
  const [run] = log().runs;
  for (const { ruleId, ruleIndex } of run?.results ?? [])
    expect(run?.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
});

test("a place is the same in the next run, whatever its secret is called then", () => {
  const prints = (report?: AuditReport) =>
    results(report).map(({ partialFingerprints }) => partialFingerprints["place/v1"]);
  const later = { ...REPORT, leaks: REPORT.leaks.map((one) => ({ ...one, fingerprint: "#99999999" })) };
  expect(prints(later)).toEqual(prints());
  expect(new Set(prints()).size).toBe(7);
});

test("an invalid secret is no finding; one that could not be checked, and a file that could not be read, are", () => {
  const [dead, alive, unchecked] = REPORT.leaks as [
    AuditReport["leaks"][0],
    AuditReport["leaks"][0],
    AuditReport["leaks"][0],
  ];
  const only = (...leaks: AuditReport["leaks"]): boolean => hasFindings({ ...REPORT, leaks, unread: [] });
  expect([only(), only(dead), only(dead, alive), only(unchecked)]).toEqual([false, false, true, true]);
  expect(hasFindings({ ...REPORT, leaks: [] })).toBe(true);
});

describeUnlessMissing(missingTools("go"), "judged by OASIS's schema of SARIF 2.1.0", () => {
  const go = (args: readonly string[], input = ""): { code: number | null; output: string } => {
    const { PATH, HOME, GOPROXY, GOFLAGS, GOMODCACHE, GOCACHE, GOSUMDB } = process.env;
    const env = { PATH, HOME, GOPROXY, GOFLAGS, GOMODCACHE, GOCACHE, GOSUMDB, GOTOOLCHAIN: "local" };
    const { status, stdout, stderr } = spawnSync("go", args, {
      cwd: join(__dirname, "sarif-judge"),
      env,
      input,
      encoding: "utf8",
    });
    return { code: status, output: stdout || stderr };
  };
  const judge = (document: unknown) => {
    go(["mod", "download"]);
    const library = go(["list", "-m", "-f", "{{.Dir}}", "github.com/owenrumney/go-sarif/v3"]).output.trim();
    return go(["run", ".", library], JSON.stringify(document));
  };

  test("a log of everything that a report can say is valid", () => {
    expect(judge(log())).toEqual({ code: 0, output: "ok: 7 results of genesys-secret audit\n" });
  });

  test("the judge is one: a property nobody knows, a wrong level and a missing message are wrong", () => {
    const [run] = log().runs;
    const [first, second, third] = (run?.results ?? []) as unknown as Record<string, unknown>[];
    const broken = [
      { ...first, severity: "high" },
      { ...second, level: "alarm" },
      { ...third, message: undefined },
    ];
    const { code, output } = judge({ ...log(), runs: [{ ...run, results: broken }] });
    expect(code).not.toBe(0);
    expect(output.match(/^WRONG: runs.0.results.\d/gm)).toEqual(
      expect.arrayContaining(["0", "1", "2"].map((n) => `WRONG: runs.0.results.${n}`)),
    );
  });
});
