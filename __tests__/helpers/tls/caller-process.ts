import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Call, Outcome } from "./call";

const ROOT = join(__dirname, "../../..");

/** The process of `caller.ts`. */
export class CallerProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<never>;

  /** @param authorities the file of the certificates that it trusts beside the system's */
  static async start(authorities: string): Promise<CallerProcess> {
    const child = fork(join(__dirname, "caller.ts"), [], {
      cwd: ROOT,
      execArgv: ["--import", "tsx"],
      env: { PATH: process.env.PATH, NODE_EXTRA_CA_CERTS: authorities },
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    const caller = new CallerProcess(child);
    await caller.#message();
    return caller;
  }

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#ended = once(child, "exit").then(([code]) => {
      throw new Error(`The calling process ended (${code}).`);
    });
    this.#ended.catch(() => {});
  }

  async make(call: Call): Promise<Outcome> {
    const answered = this.#message();
    this.#child.send(call);
    return answered;
  }

  async end(): Promise<void> {
    if (!this.#child.connected) return;
    const ended = once(this.#child, "exit");
    this.#child.disconnect();
    await ended;
  }

  async #message(): Promise<Outcome> {
    const [message] = await Promise.race([once(this.#child, "message"), this.#ended]);
    return message as Outcome;
  }
}
