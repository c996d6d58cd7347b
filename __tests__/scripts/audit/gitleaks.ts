import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** The rule file that the project gives away. */
export const RULES = join(__dirname, "../../../rules/gitleaks.toml");

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

/** Looks on the PATH, then where `go install` puts programs. */
export function findGitleaks(environment: NodeJS.ProcessEnv = process.env): Gitleaks | undefined {
  const { PATH = "", GOBIN = "", GOPATH = join(homedir(), "go") } = environment;
  const folders = [
    ...PATH.split(delimiter),
    GOBIN,
    ...GOPATH.split(delimiter).map((path) => join(path, "bin")),
  ];
  for (const folder of folders.filter((path) => path !== "")) {
    const binary = join(folder, "gitleaks");
    if (spawnSync(binary, ["version"]).status !== 0) continue;
    const built = spawnSync("go", ["version", "-m", binary], { encoding: "utf8" }).stdout ?? "";
    const said = spawnSync(binary, ["version"], { encoding: "utf8" }).stdout.trim();
    return { binary, version: /^\s*mod\s+\S+\s+v(\S+)/m.exec(built)?.[1] ?? said };
  }
  return undefined;
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
