import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Copy } from "./copy";

/** One thing that is tried on each line. */
interface Trial {
  readonly name: string;
  readonly command: string;
  /** What it says when it did what it is for: an exit code alone may also be that of a command that did nothing. */
  readonly proof: RegExp;
}

/** Suites that start the built program in its own process, as many as run in about two minutes. */
export const PROGRAM_TESTS: readonly string[] = [
  "scripts/cli/(doctor|exit-codes-\\w+|help|run|rotate|rotate-selection|then-command|three-stores|verify)\\.test",
  "scripts/(input/process|interrupts/|cli/harden-process)",
  "sandbox/org/sandbox-command",
];

const REPORT = "program-tests.json";

const TRIALS: readonly Trial[] = [
  { name: "demo", command: "npm run demo", proof: /What was proved/ },
  {
    name: "program's tests",
    command: `npx jest --ci --maxWorkers 2 --json --outputFile ${REPORT} ${PROGRAM_TESTS.map((one) => `'${one}'`).join(" ")}`,
    proof: /Tests: .*\d+ passed/,
  },
  { name: "synth", command: "npx cdktf synth", proof: /Generated Terraform code for the stacks/ },
  {
    name: "deploy",
    command: "npx genesys-secret sandbox -- npx cdktf deploy '*' --auto-approve --skip-provider-lock",
    proof: /Apply complete! Resources: [1-9]/,
  },
];

export const NAMES: readonly string[] = TRIALS.map(({ name }) => name);

/** How one trial ended on one line. */
export interface Cell {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What it printed, when it failed. */
  readonly output?: string;
}

/**
 * Installs a copy as a user does, then tries each thing in it.
 * @param version the Node.js that must be the one that runs
 */
export async function tryEverything(copy: Copy, version: string): Promise<Cell[]> {
  const { code, output } = await copy.run("npm ci --prefer-offline --no-audit --no-fund");
  if (code !== 0 || /^npm error/m.test(output)) return NAMES.map((name) => failure(name, output));
  const cells: Cell[] = [];
  for (const trial of TRIALS) cells.push(await tryOne(copy, version, trial));
  return cells;
}

async function tryOne(copy: Copy, version: string, { name, command, proof }: Trial): Promise<Cell> {
  // Both as a shell finds Node.js and as npm hands it to a package's commands.
  const asked = await copy.run("node -p process.version && npm exec -c 'node -p process.version'");
  if (asked.output.trim() !== `v${version}\nv${version}`)
    return failure(name, `Not Node.js ${version} alone: ${asked.output}`);
  const { code, output } = await copy.run(command);
  const isProved = code === 0 && proof.test(output);
  if (!command.includes(REPORT))
    return isProved ? { name, passed: 1, failed: 0, skipped: 0 } : failure(name, output);
  const { passed, failed, skipped } = countsOf(join(copy.folder, REPORT));
  if (isProved && failed === 0) return { name, passed, failed, skipped };
  return { name, passed, failed: Math.max(failed, 1), skipped, output };
}

function failure(name: string, output: string): Cell {
  return { name, passed: 0, failed: 1, skipped: 0, output };
}

function countsOf(report: string): Omit<Cell, "name" | "output"> {
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, numPendingTests } = JSON.parse(
    readFileSync(report, "utf8"),
  );
  return {
    passed: numPassedTests,
    failed: numFailedTests + numRuntimeErrorTestSuites,
    skipped: numPendingTests,
  };
}
