import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { writeBigState } from "../../__tests__/scripts/audit/big-state";
import { findGitleaks, INSTALL_GITLEAKS, RULES } from "../../__tests__/scripts/audit/gitleaks";

// `npm run build && npx tsx tools/benchmarks/audit.ts`: a state of 300 MB with 20 secrets, searched by genesys-secret audit and
// by gitleaks with our rule, side by side in one run.

const BYTES = 300e6;
const PLANTED = 20;
const ROUNDS = 3;
/** What was promised: half of gitleaks' speed, in constant memory. */
const LEAST_RATIO = 0.5;
const MOST_RESIDENT_MB = 150;
const PROGRAM = join(__dirname, "../../dist/program/genesys-secret.cjs");
/** GNU time: the only one to tell what a child held in memory. */
const TIME = "/usr/bin/time";

/** A program that searches the state. */
interface Contestant {
  readonly name: string;
  readonly argv: readonly string[];
  /** How many different secrets it found, from its standard output. */
  readonly found: (stdout: string) => number;
}

interface Measured {
  readonly seconds: number;
  readonly residentMb: number;
  readonly found: number;
}

function main(): void {
  const gitleaks = findGitleaks();
  if (!gitleaks) throw new Error(`missing: ${INSTALL_GITLEAKS}`);
  if (!existsSync(TIME)) throw new Error(`missing: ${TIME} (GNU time)`);
  if (!existsSync(PROGRAM)) throw new Error("missing: the bundle (npm run build)");
  const folder = mkdtempSync(join(tmpdir(), "genesys-secret-benchmark-"));
  try {
    const state = join(folder, "terraform.tfstate");
    const secrets = new Set(writeBigState(state, BYTES, PLANTED));
    const contestants = [
      {
        name: "genesys-secret audit",
        argv: [process.execPath, PROGRAM, "audit", "--json", state],
        found: leaksOf,
      },
      gitleaksWith("gitleaks, as it comes", gitleaks.binary, state, folder, secrets, []),
      // Its search for base64 inside of what it reads costs most of its time, and ours needs none for this.
      gitleaksWith("gitleaks, not decoding", gitleaks.binary, state, folder, secrets, [
        "--max-decode-depth",
        "0",
      ]),
    ];
    report(contestants, state, gitleaks.version);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function report(contestants: readonly Contestant[], state: string, gitleaksVersion: string): void {
  const program = spawnSync(process.execPath, [PROGRAM, "--version"], { encoding: "utf8" }).stdout.trim();
  const size = (statSync(state).size / 1e6).toFixed(0);
  console.log(
    `State of ${size} MB with ${PLANTED} secrets; the best of ${ROUNDS} rounds, taken in turns.\n` +
      `genesys-secret ${program}, gitleaks ${gitleaksVersion}, Node.js ${process.version}, ${cpus().length} × ${cpus()[0]?.model}\n`,
  );
  const rounds = Array.from({ length: ROUNDS }, () => contestants.map(measure));
  const best = contestants.map((_, index) =>
    rounds
      .map((round) => round[index] as Measured)
      .reduce((one, other) => (one.seconds <= other.seconds ? one : other)),
  );
  console.log("| | seconds | MB/s | resident MB | found |\n| --- | ---: | ---: | ---: | ---: |");
  for (const [index, { seconds, residentMb, found }] of best.entries()) {
    const speed = (statSync(state).size / 1e6 / seconds).toFixed(0);
    console.log(
      `| ${contestants[index]?.name} | ${seconds.toFixed(2)} | ${speed} | ${residentMb.toFixed(0)} | ${found} of ${PLANTED} |`,
    );
  }
  const [ours, ...theirs] = best as [Measured, ...Measured[]];
  const ratios = theirs.map(({ seconds }) => seconds / ours.seconds);
  console.log(
    `\nSpeed of the audit over gitleaks': ${ratios.map((ratio) => ratio.toFixed(2)).join(" as it comes, ")} not decoding.`,
  );
  const holds =
    best.every(({ found }) => found === PLANTED) &&
    ratios.every((ratio) => ratio >= LEAST_RATIO) &&
    rounds.every(([first]) => (first as Measured).residentMb < MOST_RESIDENT_MB);
  console.log(
    `${holds ? "Holds" : "DOES NOT HOLD"}: all found, at least half of gitleaks' speed, under ${MOST_RESIDENT_MB} MB.`,
  );
  process.exitCode = holds ? 0 : 1;
}

function leaksOf(stdout: string): number {
  return JSON.parse(stdout).leaks.length;
}

function gitleaksWith(
  name: string,
  binary: string,
  state: string,
  folder: string,
  secrets: ReadonlySet<string>,
  options: readonly string[],
): Contestant {
  const path = join(folder, "report.json");
  const output = ["--report-format", "json", "--report-path", path, "--no-banner", "--exit-code", "0"];
  return {
    name,
    argv: [binary, "dir", ...output, "--config", RULES, ...options, state],
    found: () => {
      const findings: { Secret: string }[] = JSON.parse(readFileSync(path, "utf8"));
      return new Set(findings.map(({ Secret }) => Secret).filter((secret) => secrets.has(secret))).size;
    },
  };
}

function measure({ argv, found }: Contestant): Measured {
  const { stdout, stderr } = spawnSync(TIME, ["-f", "%e %M", ...argv], { encoding: "utf8", maxBuffer: 1e9 });
  const [seconds, kilobytes] = (stderr.trim().split("\n").at(-1) ?? "").split(" ").map(Number);
  return { seconds: seconds as number, residentMb: (kilobytes as number) / 1024, found: found(stdout) };
}

main();
