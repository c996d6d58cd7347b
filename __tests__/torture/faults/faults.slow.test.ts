import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { missingOpenssl } from "../../helpers/certificate";
import { testUnlessMissing } from "../../helpers/engines";

const PROJECT = join(__dirname, "../../..");
const COUNT = 16;

/** Runs the command as `npm run torture:faults` does. */
function torture(...args: string[]): { code: number | null; stdout: string; stderr: string } {
  const script = join(PROJECT, "__tests__/torture/faults/main.ts");
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", script, ...args], {
    cwd: PROJECT,
    encoding: "utf8",
  });
  return { code: status, stdout, stderr };
}

testUnlessMissing(missingOpenssl, "random schedules of faults break no promise", () => {
  const result = torture("--count", `${COUNT}`, "--seed", "7001");
  expect({ code: result.code, stderr: result.stderr }).toEqual({ code: 0, stderr: "" });
  expect(result.stdout).toContain(`seed 7001: ${COUNT} schedules, 0 with a violated invariant`);
});
