import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { newSecret } from "../../../sandbox/org/random-credential";
import { describeUnlessMissing } from "../../helpers/engines";
import { findGitleaks, type Gitleaks, type GitleaksFinding, INSTALL_GITLEAKS, runGitleaks } from "./gitleaks";
import { look } from "./look";

const PROJECT = join(__dirname, "../../..");
const SECRET = newSecret();

const LEAKS: Readonly<Record<string, string>> = {
  "prod.env": `GENESYSCLOUD_OAUTHCLIENT_SECRET=${SECRET}\n`,
  "setup.sh": `export GENESYS_CLOUD_CLIENT_SECRET='${SECRET}'\n`,
  "main.tf": `provider "genesyscloud" {\n  oauthclient_secret = "${SECRET}"\n}\n`,
  "terraform.tfvars": `genesys_client_secret                    = "${SECRET}"\n`,
  "terraform.tfstate": `{"attributes": {"client_secret": "${SECRET}", "id": "x"}}\n`,
  "cdk.tf.json": `{"fields":{"clientId":"x","clientSecret":"${SECRET}"}}`,
  "escaped.log": String.raw`body="{\"client_secret\":\"${SECRET}\"}"`,
  "app.yaml": `genesys:\n  clientSecret: ${SECRET}\n`,
  "notes.txt": `Client Secret:   ${SECRET}`,
};
const HARMLESS: Readonly<Record<string, string>> = {
  "placeholder.env": `GENESYSCLOUD_OAUTHCLIENT_SECRET=${"x".repeat(43)}\n`,
  "reference.tf": "client_secret = genesyscloud_oauth_client.orders.client_secret\n",
  "digest.txt": `sha256 ${SECRET}\n`,
  "longer.txt": `client_secret = "${SECRET}${SECRET}"\n`,
  "empty.tfstate": `{"client_secret": "", "private": "${SECRET}"}\n`,
};

describeUnlessMissing(
  findGitleaks() ? undefined : INSTALL_GITLEAKS,
  "examples/gitleaks/gitleaks.toml, in the real gitleaks",
  () => {
    const gitleaks = findGitleaks() as Gitleaks;
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "genesys-secret-rule-"));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));
    const write = (files: Readonly<Record<string, string>>): void => {
      for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    };
    const names = (findings: readonly GitleaksFinding[]): string[] =>
      findings.map(({ File }) => File.slice(folder.length + 1)).sort();

    test("finds the secret, and nothing but the secret, where it leaks", () => {
      write(LEAKS);
      const findings = runGitleaks(gitleaks, "dir", folder);
      expect(names(findings)).toEqual(Object.keys(LEAKS).sort());
      expect(
        findings.filter(
          ({ Secret, RuleID }) => Secret !== SECRET || RuleID !== "genesys-cloud-client-secret",
        ),
      ).toEqual([]);
    });

    test("finds nothing in what is harmless", () => {
      write(HARMLESS);
      expect(names(runGitleaks(gitleaks, "dir", folder))).toEqual([]);
    });

    test("the audit finds the same, there and here", async () => {
      write({ ...LEAKS, ...HARMLESS });
      const { leaks } = await look([folder]);
      expect(leaks.map(({ secret }) => secret.reveal())).toEqual([SECRET]);
      const found = new Set(
        leaks.flatMap(({ places }) => places.map(({ file }) => file.slice(folder.length + 1))),
      );
      expect([...found].sort()).toEqual(Object.keys(LEAKS).sort());
    });

    test("false positives in this project", async () => {
      // What git would commit: neither node_modules nor what was built.
      const listed = execFileSync("git", [
        "-C",
        PROJECT,
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
      ]);
      for (const file of listed.toString("utf8").split("\0").filter(Boolean)) {
        // git goes on listing what somebody has just removed.
        if (!existsSync(join(PROJECT, file))) continue;
        mkdirSync(dirname(join(folder, file)), { recursive: true });
        cpSync(join(PROJECT, file), join(folder, file));
      }
      const byRule = names(runGitleaks(gitleaks, "dir", folder));
      const { leaks } = await look([folder]);
      const byAudit = leaks.flatMap(({ places }) =>
        places.map(({ file, line }) => `${file.slice(folder.length + 1)}:${line}`),
      );
      process.stdout.write(
        `False positives in this project: ${byRule.length} by gitleaks ${gitleaks.version} with examples/gitleaks/gitleaks.toml, ` +
          `${byAudit.length} by genesys-secret audit.\n`,
      );
      expect([byRule, byAudit]).toEqual([[], []]);
    });
  },
);
