import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PROJECT = join(__dirname, "..", "..");
const folder = mkdtempSync(join(tmpdir(), "terrain-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the constructs' own tests hold with CDK Terrain in the place of CDKTF", () => {
  const outputFile = join(folder, "report.json");
  const args = [
    "__tests__/constructs",
    "--ci",
    "--runInBand",
    "--moduleNameMapper",
    JSON.stringify({ "^cdktf($|/.*)": "cdktn$1" }),
    "--json",
    "--outputFile",
    outputFile,
  ];
  spawnSync(process.execPath, [join(PROJECT, "node_modules/jest/bin/jest.js"), ...args], {
    cwd: PROJECT,
    stdio: "ignore",
  });
  const report = JSON.parse(readFileSync(outputFile, "utf8"));
  const failed = report.testResults
    .flatMap(
      ({ assertionResults }: { assertionResults: { status: string; fullName: string }[] }) =>
        assertionResults,
    )
    .filter(({ status }: { status: string }) => status === "failed")
    .map(({ fullName }: { fullName: string }) => fullName);
  expect({ failed, suites: report.numRuntimeErrorTestSuites }).toEqual({ failed: [], suites: 0 });
  expect(report.numPassedTests).toBeGreaterThan(500);
});
