// `npm run check-machine`: what the whole test suite needs, and how to get what is missing. Needs nothing but Node.js.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const GOBIN = join(ROOT, ".tools/bin");
const VENV = join(ROOT, ".venv/bin");

/** The first command that answers counts; what it prints is shown. */
const TOOLS = [
  { name: "Node.js 20+", commands: ["node --version"], needed: "everything", get: "https://nodejs.org" },
  { name: "git", commands: ["git --version"], needed: "audit --git", get: "your system's packages" },
  {
    name: "Terraform or OpenTofu",
    commands: ["terraform version", "tofu version"],
    needed: "the end-to-end tests, the demo",
    get: "https://developer.hashicorp.com/terraform/install",
  },
  {
    name: "strace",
    commands: ["strace --version"],
    needed: "what processes see",
    get: "apt-get install strace",
  },
  { name: "openssl", commands: ["openssl version"], needed: "TLS tests", get: "apt-get install openssl" },
  { name: "Go", commands: ["go version"], needed: "judges of Vault and SARIF", get: "https://go.dev/dl" },
  {
    name: "moto",
    commands: [`${join(VENV, "moto_server")} --help`],
    needed: "AWS stores",
    get: "python3 -m venv .venv && .venv/bin/pip install -r requirements-test.txt",
  },
  {
    name: "gitleaks 8.30.1",
    commands: [`${join(GOBIN, "gitleaks")} version`, "gitleaks version"],
    needed: "the gitleaks rule",
    get: "go install github.com/zricethezav/gitleaks/v8@v8.30.1",
  },
  {
    name: "actionlint 1.7.12",
    commands: [`${join(GOBIN, "actionlint")} -version`, "actionlint -version"],
    needed: "CI templates",
    get: "go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12",
  },
];

function answer(command) {
  const [program, ...args] = command.split(" ");
  const { status, stdout } = spawnSync(program, args, { encoding: "utf8" });
  return status === 0 ? (stdout.split("\n")[0] ?? "").slice(0, 40) : undefined;
}

const missing = [];
for (const tool of TOOLS) {
  const found = tool.commands.map(answer).find((line) => line !== undefined);
  if (found === undefined) missing.push(tool);
  console.log(
    `${found === undefined ? "missing" : "ok     "}  ${tool.name.padEnd(22)} ${found ?? `for ${tool.needed}`}`,
  );
}
if (missing.length > 0) {
  console.log("\nThe tests that need these are skipped. To get them:");
  for (const { name, get } of missing) console.log(`  ${name}: ${get}`);
}
