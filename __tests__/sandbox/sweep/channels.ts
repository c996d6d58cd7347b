import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { readTraces, traceInto } from "../../../sandbox/sweep/process-trace";
import type { Traces } from "../../../sandbox/sweep/sweep";
import { zipOf } from "../../scripts/audit/zip";

/** A place where a run could leave something. */
export interface Channel {
  /** How a finding there begins; "FOLDER" stands for the test's folder. */
  readonly place: string;
  /** Leaves a text there, in an empty folder, as a run would. */
  readonly plant: (folder: string, text: string) => Traces;
}

/** A file of a project, with something before and after the text. */
function file(
  path: string,
  content: (text: string) => string | Buffer = (text) => `before ${text} after`,
): Channel {
  return {
    place: `FOLDER/${path}:`,
    plant: (folder, text) => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content(text));
      return { folders: [folder] };
    },
  };
}

function said(name: string): Channel {
  return { place: `${name}:`, plant: (_, text) => ({ texts: { [name]: `before ${text} after` } }) };
}

/** A real program under strace. */
function traced(
  place: string,
  argv: (text: string) => readonly string[],
  options: (text: string) => { input?: string; env?: Record<string, string> } = () => ({}),
): Channel {
  return {
    place,
    plant: (folder, text) => {
      const file = join(folder, "strace");
      const [command, ...args] = [...traceInto(file), ...argv(text)];
      execFileSync(command as string, args, { cwd: folder, ...options(text) });
      return { processes: readTraces([file]) };
    },
  };
}

const big = (text: string): string => `${"x".repeat(70_000)}${text}\n`;

/** By what the tests call them. */
export const CHANNELS: Readonly<Record<string, Channel>> = {
  "the state": file("terraform.dev.tfstate", (text) => `{"version":4,"outputs":{"a":"${text}"}}`),
  "its backup": file("terraform.dev.tfstate.backup"),
  "a plan file, its planned values": file("plan", (text) => zipOf({ tfplan: `\u0000\u0012${text}\u0001` })),
  "a plan file, the state in it": file("plan", (text) => zipOf({ tfplan: "\u0000", tfstate: big(text) })),
  "a plan file in an archive": file("artifacts.zip", (text) => zipOf({ plan: zipOf({ tfplan: text }) })),
  "cdk.tf.json": file("cdktf.out/stacks/dev/cdk.tf.json"),
  "an asset": file("cdktf.out/stacks/dev/assets/program/0A1B/genesys-secret.mjs"),
  ".terraform": file("cdktf.out/stacks/dev/.terraform/terraform.tfstate"),
  "a crash log": file("cdktf.out/stacks/dev/crash.log"),
  "the log of TF_LOG=TRACE": file("trace.log", big),
  "sdk_debug.log": file("cdktf.out/stacks/dev/sdk_debug.log"),
  "a log in gzip": file("trace.log.gz", (text) => gzipSync(big(text))),
  "a log in gzip that is cut off": file("trace.log.gz", (text) =>
    gzipSync(`${text}${big("y")}`).subarray(0, -12),
  ),
  "gzip in the middle of a file": file("dump", (text) =>
    Buffer.concat([Buffer.from("x\n"), gzipSync(big(text))]),
  ),
  "the temporary folder": file("tmp/init-x1/y"),
  "npm's cache": file("home/.npm/_cacache/content-v2/sha512/00/01", (text) => gzipSync(text)),
  "Node's compile cache": file("node-cache/v22.0.0-x64/1a2b", (text) =>
    Buffer.from(`\u0000\u00ff${text}`, "utf8"),
  ),
  "a dotfile of the home folder": file("home/.config/genesys-secret/.state"),
  stdout: said("stdout"),
  stderr: said("stderr"),
  "the sandbox's journal": said("the sandbox's journal"),
  "an argument of a process": traced("arguments of ", (text) => ["true", "--flag", `x=${text}`]),
  "the environment of a process": traced(
    "environment of ",
    () => ["true"],
    (text) => ({ env: { PATH: process.env.PATH ?? "", SOME: `x${text}` } }),
  ),
  "the environment of a process's child": traced(
    "environment of ",
    () => ["sh", "-c", "SOME=$(cat) env true"],
    input,
  ),
  "a file that is gone since": traced(
    "written to FOLDER/gone:",
    () => ["sh", "-c", "cat > gone; rm gone"],
    input,
  ),
  "a pipe between processes": traced("written to pipe:", () => ["sh", "-c", "cat | cat > /dev/null"], input),
};

function input(text: string): { input: string } {
  return { input: text };
}
