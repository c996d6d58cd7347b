import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { BrokenInput } from "./broken-input";

/** Runs git in a folder: an argv, no shell. */
export class Git {
  readonly #folder: string;
  readonly #environment: NodeJS.ProcessEnv;

  /** @param environment without credentials, as for every child */
  constructor(folder: string, environment: NodeJS.ProcessEnv) {
    this.#folder = folder;
    // A repository with missing objects (a partial clone) must not make git fetch them, nor ask for a password.
    const offline = { GIT_NO_LAZY_FETCH: "1", GIT_ALLOW_PROTOCOL: "", GIT_TERMINAL_PROMPT: "0", LC_ALL: "C" };
    this.#environment = { ...environment, ...offline };
  }

  /**
   * What a git command prints, piece by piece.
   * @param input fed to it
   * @throws {BrokenInput} when it cannot be started or fails; git's own words are not repeated
   */
  async *stream(args: readonly string[], input?: AsyncIterable<string>): AsyncGenerator<Buffer> {
    const child = spawn("git", ["-C", this.#folder, "--no-optional-locks", ...args], {
      env: this.#environment,
      stdio: [input ? "pipe" : "ignore", "pipe", "ignore"],
      windowsHide: true,
    });
    const ended = new Promise<string | undefined>((resolve) => {
      child.on("error", (error) =>
        resolve(
          (error as NodeJS.ErrnoException).code === "ENOENT"
            ? "git is not installed"
            : "git cannot be started",
        ),
      );
      child.on("close", (code, signal) =>
        resolve(code === 0 ? undefined : `git ${args[0]} ended with ${code ?? signal}`),
      );
    });
    const feeding = input ? feed(child.stdin as Writable, input) : undefined;
    try {
      yield* child.stdout as Readable;
      await feeding;
      const fault = await ended;
      if (fault !== undefined) throw new BrokenInput(fault);
    } finally {
      child.kill();
    }
  }

  /** The lines that a git command prints. @throws {BrokenInput} as `stream` */
  async *lines(args: readonly string[]): AsyncGenerator<string> {
    let rest = "";
    for await (const chunk of this.stream(args)) {
      const lines = (rest + chunk.toString("utf8")).split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
    }
    if (rest !== "") yield rest;
  }

  /** The first line that a git command prints; undefined when it fails or prints none. */
  async line(args: readonly string[]): Promise<string | undefined> {
    try {
      for await (const line of this.lines(args)) return line;
      return undefined;
    } catch (error) {
      if (error instanceof BrokenInput) return undefined;
      throw error;
    }
  }
}

async function feed(stdin: Writable, input: AsyncIterable<string>): Promise<void> {
  // A git that ends early says so by its exit code.
  stdin.on("error", () => {});
  for await (const text of input) {
    if (stdin.destroyed) return;
    if (!stdin.write(text)) await Promise.race([once(stdin, "drain"), once(stdin, "close")]);
  }
  stdin.end();
}
