import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { zipOf } from "./zip";

/** What an audit is to look at. */
export interface Planted {
  readonly paths: readonly string[];
  readonly stdin?: Buffer;
  readonly git?: boolean;
}

/** A way in which something that stands in a text gets into a file. */
export type Channel = (folder: string, text: string) => Planted;

const attributes = (text: string): string => `"id":"1","triggers":{"note":"before ${text} after"}`;
const stateV4 = (text: string): string =>
  `{"version":4,"terraform_version":"1.11.4","resources":[{"mode":"managed","type":"null_resource","name":"n","instances":[{"attributes":{${attributes(text)}}}]}]}`;
const stateV3 = (text: string): string =>
  `{"version":3,"terraform_version":"0.11.14","modules":[{"path":["root"],"outputs":{},"resources":{"null_resource.n":{"type":"null_resource","primary":{"id":"1","attributes":{"triggers.note":"before ${text} after"}}}}}]}`;
const shown = (text: string): string =>
  `{"format_version":"1.0","values":{"root_module":{"child_modules":[{"resources":[{"type":"null_resource","values":{${attributes(text)}}}]}]}}}`;

const file =
  (name: string, content: (text: string) => string | Buffer): Channel =>
  (folder, text) => {
    const path = join(folder, name);
    writeFileSync(path, content(text));
    return { paths: [path] };
  };

const AUTHOR = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"];

/** A repository, in which `work` is done by calling git. */
const repository =
  (work: (git: (...args: string[]) => void, folder: string, text: string) => void): Channel =>
  (folder, text) => {
    const git = (...args: string[]): void => {
      execFileSync("git", ["-C", folder, ...AUTHOR, ...args], { stdio: "ignore" });
    };
    git("init", "-q");
    writeFileSync(join(folder, "README"), "a project\n");
    git("add", "README");
    git("commit", "-qm", "begin");
    work(git, folder, text);
    return { paths: [folder], git: true };
  };

/** The ways that are tried, by what the table calls them. */
export const CHANNELS: Readonly<Record<string, Channel>> = {
  "state, version 4": file("terraform.tfstate", stateV4),
  "backup of a state, version 3": file("terraform.tfstate.backup", stateV3),
  "terraform show -json": file("show.json", shown),
  "terraform state pull | audit -": (_folder, text) => ({ paths: ["-"], stdin: Buffer.from(stateV4(text)) }),
  "a state cut off in the middle": file("terraform.tfstate", (text) => stateV4(text).slice(0, -8)),
  "plan file, its tfstate": file("plan", (text) =>
    zipOf({ tfplan: "\n\u0001", tfstate: stateV4(text), "tfconfig/m-/main.tf": "" }),
  ),
  "plan file, its planned values": file("plan", (text) =>
    zipOf({ tfplan: `\u0000\u0012${text}\u0001`, tfstate: "{}" }),
  ),
  "plan file in a zip of a CI run": file("artifacts.zip", (text) =>
    zipOf({ "out/plan": zipOf({ tfplan: `\u0000\u0012${text}\u0001` }) }),
  ),
  "plan file on standard input": (_folder, text) => ({ paths: ["-"], stdin: zipOf({ tfplan: text }) }),
  "cdk.tf.json": file(
    "cdk.tf.json",
    (text) => `{"//":{},"resource":{"null_resource":{"n":{${attributes(text)}}}}}`,
  ),
  "log of TF_LOG=TRACE": file("trace.log", (text) => `2026-01-01T00:00:00Z [TRACE] sent ${text}\n`),
  "log of apply -json": file("apply.log", (text) => `{"@level":"info"}\n{"@message":"did ${text}"}\n`),
  "log in gzip": file("trace.log.gz", (text) => gzipSync(`${"x".repeat(70_000)} ${text} \n`)),
  "log in UTF-16 of PowerShell": file("out.txt", (text) => Buffer.from(`\ufeff> did ${text}\r\n`, "utf16le")),
  "across the border of a window": file(
    "big.log",
    (text) => `${"-".repeat(1024 * 1024 + 1010)} ${text} ${"-".repeat(3_000_000)}`,
  ),
  "deep in a hidden folder": (folder, text) => {
    mkdirSync(join(folder, "cdktf.out/.cache/a/b"), { recursive: true });
    writeFileSync(join(folder, "cdktf.out/.cache/a/b/x"), `x${text}y`);
    return { paths: [folder] };
  },
  "git: a file that was deleted": repository((git, folder, text) => {
    writeFileSync(join(folder, "terraform.tfstate"), stateV4(text));
    git("add", "-f", "terraform.tfstate");
    git("commit", "-qm", "oops");
    git("rm", "-q", "terraform.tfstate");
    git("commit", "-qm", "gone");
  }),
  "git: a message": repository((git, _folder, text) =>
    git("commit", "-q", "--allow-empty", "-m", `use ${text}`),
  ),
  "git: amended away": repository((git, folder, text) => {
    writeFileSync(join(folder, "notes"), text);
    git("add", "notes");
    git("commit", "-qm", "oops");
    git("rm", "-q", "notes");
    git("commit", "-q", "--amend", "--allow-empty", "-m", "clean");
  }),
  "git: stashed": repository((git, folder, text) => {
    writeFileSync(join(folder, "README"), text);
    git("stash", "-q");
  }),
};

/** Runs a channel in a folder of its own, which is empty again afterwards. */
export async function inChannel<T>(
  folder: string,
  channel: Channel,
  text: string,
  use: (planted: Planted) => Promise<T>,
): Promise<T> {
  mkdirSync(folder, { recursive: true });
  try {
    return await use(channel(folder, text));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
