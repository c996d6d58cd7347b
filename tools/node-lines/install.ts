import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Line } from "./lines";

const TOOLS = join(__dirname, "../../.tools/node-lines");

/**
 * Gets a line's Node.js from npm, unless it is there.
 * @returns the folder that holds its node, and npm and npx of this machine that run by it
 */
export function install({ version, package: name }: Line): string {
  const home = join(TOOLS, version);
  const bin = join(home, "node_modules", name, "bin");
  const node = join(bin, "node");
  const npm = npmCli();
  if (versionOf(node) !== version) {
    mkdirSync(home, { recursive: true });
    const flags = [
      "--no-save",
      "--no-package-lock",
      "--ignore-scripts",
      "--prefer-offline",
      "--prefix",
      home,
    ];
    const { status, stderr } = spawnSync(process.execPath, [npm, "install", ...flags, `${name}@${version}`], {
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`npm could not install ${name}@${version}: ${stderr}`);
    if (versionOf(node) !== version) throw new Error(`${name}@${version} is Node.js ${versionOf(node)}`);
  }
  for (const command of ["npm", "npx"]) {
    const script = join(npm, "..", `${command}-cli.js`);
    writeFileSync(join(bin, command), `#!/bin/sh\nexec '${node}' '${script}' "$@"\n`);
    chmodSync(join(bin, command), 0o755);
  }
  return bin;
}

/** @returns "24.21.0"; undefined when it does not start */
function versionOf(node: string): string | undefined {
  const { status, stdout } = spawnSync(node, ["-p", "process.versions.node"], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

/** The npm that runs this command. */
function npmCli(): string {
  const path = process.env.npm_execpath ?? "";
  if (basename(path) !== "npm-cli.js") throw new Error("Start this as: npm run node-lines");
  return path;
}
