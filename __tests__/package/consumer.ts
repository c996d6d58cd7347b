import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HUNG_MS } from "../helpers/hung";

const PROJECT = join(__dirname, "..", "..");

/** What a stack is written with, and where this package has its constructs for it. */
export const FRAMEWORKS = {
  cdktf: "cdktf-genesyscloud-secure-oauth-client",
  cdktn: "cdktf-genesyscloud-secure-oauth-client/cdktn",
} as const;

export type Framework = keyof typeof FRAMEWORKS;

/** A project elsewhere that has installed the package from its tarball, and what a user of the framework has besides. */
export class Consumer {
  readonly folder = mkdtempSync(join(tmpdir(), "consumer-"));
  readonly installed = join(this.folder, "node_modules", "cdktf-genesyscloud-secure-oauth-client");

  /** Packs this project. @returns path of the tarball, in `folder` */
  static pack(folder: string): string {
    // The scripts would build dist/ anew under the feet of the other tests.
    const pack = npm(PROJECT, "pack", "--ignore-scripts", "--json", "--pack-destination", folder);
    return join(folder, JSON.parse(pack)[0].filename);
  }

  /** The files that a tarball of a project would hold. */
  static filesOf(project = PROJECT): string[] {
    const pack = npm(project, "pack", "--ignore-scripts", "--json", "--dry-run");
    return JSON.parse(pack)[0].files.map(({ path }: { path: string }) => path);
  }

  constructor(private readonly framework: Framework = "cdktf") {
    const { devDependencies } = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8"));
    const peers = [framework, "constructs", "tsx", "typescript", "@types/node"].map(
      (name) => `${name}@${devDependencies[name]}`,
    );
    const tarball = Consumer.pack(this.folder);
    writeFileSync(join(this.folder, "package.json"), '{ "private": true }\n');
    npm(
      this.folder,
      "install",
      "--prefer-offline",
      "--no-audit",
      "--no-fund",
      tarball,
      ...peers,
      "ts-node@10.9.2",
    );
  }

  /**
   * Writes files into a subfolder that is a project of its own; `type` is its package.json's. Their imports, written
   * for CDKTF, become the framework's.
   */
  project(name: string, type: "commonjs" | "module", files: Record<string, string>): string {
    const folder = join(this.folder, name);
    mkdirSync(folder, { recursive: true });
    for (const [file, text] of Object.entries({ "package.json": JSON.stringify({ type }), ...files })) {
      writeFileSync(join(folder, file), this.translate(text));
    }
    return folder;
  }

  /** Path of an installed package, or of its program. */
  bin(path: string): string {
    return join(this.folder, "node_modules", path);
  }

  private translate(text: string): string {
    return text
      .replaceAll('from "cdktf"', `from "${this.framework}"`)
      .replaceAll(`from "${FRAMEWORKS.cdktf}"`, `from "${FRAMEWORKS[this.framework]}"`);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A registry that stops in the middle of an answer is asked again; npm itself would wait five minutes each time. */
export const PATIENCE = { npm_config_fetch_timeout: "20000", npm_config_fetch_retries: "5" };

function npm(cwd: string, ...args: string[]): string {
  return execFileSync("npm", args, {
    cwd,
    env: { ...process.env, ...PATIENCE },
    timeout: HUNG_MS,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    shell: process.platform === "win32",
  });
}
