import { spawnSync } from "node:child_process";
import { join } from "node:path";

const PROJECT = join(__dirname, "../../..");

/** Runs the command as `npm run torture:races` does. */
function race(...args: string[]): { code: number | null; stdout: string; stderr: string } {
  const script = join(PROJECT, "__tests__/torture/races/main.ts");
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", script, ...args], {
    cwd: PROJECT,
    encoding: "utf8",
  });
  return { code: status, stdout, stderr };
}

test.each([
  ["vault", "2", "1", "2 rounds of two, 1 of ten"],
  ["file", "4", "0", "4 rounds of two, 0 of ten"],
])("runs that race for %s: nobody leaves a dead secret unsaid", (only, two, ten, played) => {
  const result = race("--only", only, "--two", two, "--ten", ten);
  expect({ code: result.code, stderr: result.stderr }).toEqual({ code: 0, stderr: "" });
  expect(result.stdout).toContain(`${played}: 0 violations`);
});
