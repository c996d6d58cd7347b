import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** A Python that has requests: the tests' own environment's, else the machine's. @throws {Error} when there is none */
export function pythonWithRequests(): string {
  const own = join(__dirname, "../../.venv/bin/python");
  const python = existsSync(own) ? own : "python3";
  execFileSync(python, ["-c", "import requests"], { stdio: "ignore" });
  return python;
}
