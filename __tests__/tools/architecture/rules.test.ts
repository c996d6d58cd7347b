import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { withArchitecture } from "../../../tools/architecture/diagram";

const PROJECT = join(__dirname, "../../..");
const RULES = join(PROJECT, ".dependency-cruiser.cjs");
const CRUISER = join(PROJECT, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");

interface Violation {
  readonly rule: { readonly name: string };
  readonly from: string;
}

/** What the rules say of a project that consists of these files. */
function violations(files: Readonly<Record<string, string>>): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), "architecture-"));
  try {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    const tops = [...new Set(Object.keys(files).map((file) => file.split("/")[0] as string))];
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [CRUISER, "--config", RULES, "--output-type", "json", ...tops],
      { cwd: folder, encoding: "utf8", maxBuffer: 16 * 1024 * 1024 },
    );
    if (stdout === "") throw new Error(stderr);
    const found: readonly Violation[] = JSON.parse(stdout).summary.violations;
    return [...new Set(found.map(({ rule, from }) => `${from}: ${rule.name}`))].sort();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const nothing = "export const it = 1;\n";
const using = (path: string): string =>
  `import { it } from ${JSON.stringify(path)};\nexport const mine = it;\n`;
const typing = (path: string): string =>
  `import type { It } from ${JSON.stringify(path)};\nexport type Mine = It;\n`;

/** A project that breaks each rule once; the file that breaks it, with the rule. */
const BROKEN: readonly (readonly [string, string, string])[] = [
  ["no-cycles", "scripts/core/circle-one.ts", typing("./circle-two")],
  ["no-lost-imports", "scripts/core/lost.ts", using("./gone")],
  ["core-looks-down", "scripts/core/bad.ts", using("../http/any")],
  ["http-looks-down", "scripts/http/bad.ts", typing("../stores/any")],
  ["genesys-looks-down", "scripts/genesys/bad.ts", using("../stores/any")],
  ["stores-looks-down", "scripts/stores/vault/bad.ts", using("../../genesys/any")],
  ["rotation-looks-down", "scripts/rotation/bad.ts", using("../fleet/any")],
  ["audit-looks-down", "scripts/audit/bad.ts", using("../fleet/any")],
  ["fleet-looks-down", "scripts/fleet/bad.ts", using("../cli/any")],
  ["cli-looks-down", "scripts/cli/bad.ts", using("../../sandbox/org")],
  ["one-store-asks-genesys", "scripts/stores/genesys-credential/bad.ts", using("../../rotation/any")],
  ["one-command-starts-the-sandbox", "scripts/cli/sandbox.ts", using("../../tools/any")],
  ["vendors-apart", "scripts/stores/github-env/bad.ts", using("../gitlab/any")],
  ["stores-by-uri", "scripts/rotation/by-vendor.ts", using("../stores/gitlab/any")],
  ["rows-are-light", "scripts/stores/gitlab/grammar.ts", using("./any")],
  ["program-without-cdktf", "scripts/core/with-cdktf.ts", 'import "cdktf";\n'],
  ["synth-knows-the-rows", "constructs/bad.ts", using("../scripts/stores/any")],
  ["app-uses-the-constructs", "main.ts", using("./scripts/stores/any")],
  ["synth-opens-no-socket", "constructs/socket.ts", using("../scripts/core/socket")],
  ["sandbox-stands-alone", "sandbox/bad.ts", using("../scripts/rotation/any")],
  ["stand-ins-in-the-sandbox", "docs/bad.ts", using("../sandbox/providers")],
  ["tests-are-not-imported", "tools/bundling/bad.ts", using("../../__tests__/any")],
];

const ALLOWED: Readonly<Record<string, string>> = {
  "constructs/good.ts": using("../scripts/stores/vault/grammar"),
  "constructs/shared.ts": using("../scripts/core/any"),
  "docs/good.ts": using("../scripts/stores/schemes"),
  "sandbox/org/index.ts": nothing,
  "sandbox/providers/index.ts": using("../../tools/bindings/schema"),
  "sandbox/good.ts": using("./providers"),
  "scripts/audit/any.ts": using("../rotation/any"),
  "scripts/cli/any.ts": using("../fleet/any"),
  "scripts/core/any.ts": nothing,
  // A circle is reported once.
  "scripts/core/circle-two.ts": typing("./circle-one"),
  "scripts/core/socket.ts": 'import { connect } from "node:net";\nexport const it = connect;\n',
  "scripts/fleet/any.ts": using("../stores/genesys-credential/any"),
  "scripts/genesys/any.ts": using("../http/any"),
  "scripts/http/any.ts": using("../core/any"),
  "scripts/rotation/any.ts": using("../stores/any"),
  "scripts/stores/any.ts": using("../http/any"),
  "scripts/stores/aws-ssm/any.ts": using("../aws/any"),
  "scripts/stores/aws/any.ts": nothing,
  "scripts/stores/genesys-credential/any.ts": using("../../genesys/any"),
  "scripts/stores/gitlab/any.ts": nothing,
  "scripts/stores/schemes.ts": using("./vault/grammar"),
  "scripts/stores/vault/grammar.ts": nothing,
  "tools/any.ts": nothing,
  "tools/benchmarks/any.ts": using("../../__tests__/any"),
  "tools/bindings/schema.ts": nothing,
  "__tests__/any.ts": nothing,
};

test("each import that the architecture forbids fails the lint by the name of its rule, and no other does", () => {
  const files = { ...ALLOWED, ...Object.fromEntries(BROKEN.map(([, file, text]) => [file, text])) };
  const found = violations(files);
  const expected = BROKEN.map(([rule, file]) => `${file}: ${rule}`);
  expect(expected.filter((line) => !found.includes(line))).toEqual([]);
  const broken = new Set(BROKEN.map(([, file]) => file));
  expect(found.filter((line) => !broken.has(line.split(": ")[0] as string))).toEqual([]);
});

test("each rule is seen to fail", () => {
  const { forbidden }: { forbidden: readonly { name: string }[] } = require(RULES);
  expect([...new Set(BROKEN.map(([rule]) => rule))].sort()).toEqual(forbidden.map(({ name }) => name).sort());
});

test("CONTRIBUTING.md shows the architecture as the rules have it", () => {
  const page = readFileSync(join(PROJECT, "CONTRIBUTING.md"), "utf8");
  expect(page).toBe(withArchitecture(page, PROJECT));
});
