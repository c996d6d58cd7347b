import { runProgram } from "../../helpers/program";

const COMMANDS = ["regenerate", "adopt", "verify", "rotate", "run", "doctor", "remove", "audit", "sandbox"];

test("every command is listed", async () => {
  const { code, stdout } = await runProgram(["--help"], { COLUMNS: "80" });
  expect(code).toBe(0);
  for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command} `, "m"));
});

test.each(COMMANDS)("%s --help fits 80 columns, and has an example", async (command) => {
  const { code, stdout } = await runProgram([command, "--help"], { COLUMNS: "80" });
  expect(code).toBe(0);
  expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  expect(stdout).toMatch(new RegExp(`^Examples?:\\n(.*\\n)*?.*genesys-secret ${command}\\b`, "m"));
});
