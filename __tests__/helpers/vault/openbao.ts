import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HUNG_MS } from "../hung";
import { freePort, howToInstall } from "../local-server";
import { findTool } from "../tools";

const ROOT_TOKEN = "root-token-of-the-openbao-of-the-tests";

const program = findTool("bao");

/** What `describeUnlessMissing` is told. */
export const missingOpenBao: string | undefined = program === undefined ? howToInstall("bao") : undefined;

/** A real OpenBao on this machine, all in memory, with a KV version 2 mount at `secret/`. */
export class OpenBao {
  readonly origin: string;
  readonly rootToken = ROOT_TOKEN;
  /** The program itself, which is its own client, too. */
  readonly program = program as string;
  readonly #child: ChildProcess;
  readonly #home: string;

  /** @param listeners more of them, as its configuration file has them */
  static async start(listeners = ""): Promise<OpenBao> {
    if (program === undefined) throw new Error(`missing: ${missingOpenBao}`);
    const home = mkdtempSync(join(tmpdir(), "openbao-"));
    const port = await freePort();
    const flags = [`-dev-root-token-id=${ROOT_TOKEN}`, `-dev-listen-address=127.0.0.1:${port}`];
    if (listeners !== "") {
      const file = join(home, "listeners.hcl");
      writeFileSync(file, listeners);
      flags.push(`-config=${file}`);
    }
    const child = spawn(program, ["server", "-dev", "-dev-no-store-token", ...flags], {
      env: { PATH: process.env.PATH, HOME: home },
      stdio: "ignore",
    });
    const bao = new OpenBao(child, `http://127.0.0.1:${port}`, home);
    const deadline = Date.now() + HUNG_MS;
    while (!(await bao.#isReady())) {
      if (child.exitCode !== null || Date.now() > deadline) throw new Error("bao server did not start");
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return bao;
  }

  private constructor(child: ChildProcess, origin: string, home: string) {
    this.#child = child;
    this.origin = origin;
    this.#home = home;
  }

  /** Calls the API as root, behind the program's back. @returns the answer's object; undefined for a 404 */
  // biome-ignore lint/suspicious/noExplicitAny: each test knows what it asked for
  async call(method: string, path: string, body?: object): Promise<any> {
    const answer = await fetch(`${this.origin}/v1/${path}`, {
      method,
      headers: { "X-Vault-Token": ROOT_TOKEN },
      body: body && JSON.stringify(body),
    });
    if (answer.status === 404) return undefined;
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : {};
  }

  /** A token with this policy and nothing else, "default" not either. @param policy HCL */
  async token(name: string, policy: string): Promise<string> {
    await this.call("PUT", `sys/policies/acl/${name}`, { policy });
    const { auth } = await this.call("POST", "auth/token/create", {
      policies: [name],
      no_default_policy: true,
    });
    return auth.client_token;
  }

  /** The newest document of an entry. */
  async document(entry: string): Promise<Record<string, unknown> | undefined> {
    return (await this.call("GET", `secret/data/${entry}`))?.data.data ?? undefined;
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGKILL");
    await ended;
    rmSync(this.#home, { recursive: true, force: true });
  }

  /** The mount is there a moment after the listener. */
  async #isReady(): Promise<boolean> {
    return this.call("GET", "sys/mounts/secret").then(
      (answer) => answer?.data?.options?.version === "2",
      () => false,
    );
  }
}
