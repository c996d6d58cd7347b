import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findTool } from "../../helpers/tools";

/** The rule file that the project gives away. */
export const RULES = join(__dirname, "../../../examples/gitleaks/gitleaks.toml");

/** What gitleaks says of a finding, as far as it is looked at. */
export interface GitleaksFinding {
  readonly RuleID: string;
  readonly Secret: string;
  readonly File: string;
  readonly StartLine: number;
}

/** A real gitleaks. */
export interface Gitleaks {
  readonly binary: string;
  /** "8.30.1"; a build by `go install` knows its version from the module alone. */
  readonly version: string;
}

/** The first that is found. */
export function findGitleaks(): Gitleaks | undefined {
  const binary = findTool("gitleaks");
  if (binary === undefined) return undefined;
  const built = spawnSync("go", ["version", "-m", binary], { encoding: "utf8" }).stdout ?? "";
  const said = spawnSync(binary, ["version"], { encoding: "utf8" }).stdout.trim();
  return { binary, version: /^\s*mod\s+\S+\s+v(\S+)/m.exec(built)?.[1] ?? said };
}

/** How to get it, for the title of a test that is skipped. */
export const INSTALL_GITLEAKS = "gitleaks on PATH (go install github.com/zricethezav/gitleaks/v8@v8.30.1)";

/** What gitleaks finds with our rule alone. @param source "dir" for files as they are, "git" for a history */
export function runGitleaks({ binary }: Gitleaks, source: "dir" | "git", path: string): GitleaksFinding[] {
  const folder = mkdtempSync(join(tmpdir(), "genesys-secret-gitleaks-"));
  const report = join(folder, "report.json");
  try {
    const output = ["--report-format", "json", "--report-path", report, "--no-banner", "--exit-code", "0"];
    const { status, stderr } = spawnSync(binary, [source, ...output, "--config", RULES, path], {
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`gitleaks ended with ${status}: ${stderr}`);
    return JSON.parse(readFileSync(report, "utf8"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
