import { spawn } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, extname, resolve as resolvePath } from "node:path";
import { childEnvironment } from "../../core/child-environment";
import { StoreFault, StoreNotReadyError } from "../../core/errors";
import { VARIABLE_NAME } from "../../core/patterns";
import { printable } from "../../core/printable";
import type { StoredDocument } from "../document";
import type { Store, StoreContext } from "../store";
import { badOption, type StoreUri } from "../uri";

const DEFAULT_TIMEOUT_S = 60;
const MOST_OUTPUT = 64 * 1024;

/** `command:`, a program that reads the secret from its standard input. No shell, and no credentials of ours. */
export function openStore(uri: StoreUri, context: StoreContext): Store {
  return new CommandStore(uri, context);
}

class CommandStore implements Store {
  readonly uri: StoreUri;
  readonly #context: StoreContext;
  readonly #argv: readonly [string, ...string[]];
  readonly #timeoutMs: number;
  readonly #environment: NodeJS.ProcessEnv;

  constructor(uri: StoreUri, context: StoreContext) {
    this.uri = uri;
    this.#context = context;
    this.#argv = uri.target as unknown as [string, ...string[]];
    this.#timeoutMs = timeoutOf(uri) * 1000;
    this.#environment = childEnvironment(context.credentialVariables, passedOn(uri));
    const output = uri.options.get("output");
    if (output !== undefined && output !== "show") throw badOption(uri, 'the option output must be "show"');
  }

  async prepare(): Promise<void> {
    const [program] = this.#argv;
    if (!isExecutable(program, this.#environment, this.#context.folder ?? "")) {
      throw new StoreNotReadyError(
        `The program "${printable(program)}" of a command: store is not found, or may not be executed. Is it installed?`,
        "Install it or correct the store URI, then run again.",
      );
    }
  }

  async read(): Promise<undefined> {
    return undefined;
  }

  write(document: StoredDocument): Promise<void> {
    const [program, ...args] = this.#argv;
    const secret = document.clientSecret.reveal();
    return new Promise((resolve, reject) => {
      const show = this.uri.options.get("output") === "show";
      const child = spawn(program, args, {
        cwd: this.#context.folder,
        env: this.#environment,
        stdio: ["pipe", show ? "pipe" : "ignore", show ? "pipe" : "ignore"],
        timeout: this.#timeoutMs,
        killSignal: "SIGKILL",
        // Its own group: a Ctrl-C at the terminal must not end it with the secret half handed over.
        detached: process.platform !== "win32",
        windowsHide: true,
      });
      let output = "";
      const collect = (chunk: Buffer): void => {
        output = (output + chunk.toString("utf8")).slice(0, MOST_OUTPUT);
      };
      child.stdout?.on("data", collect);
      child.stderr?.on("data", collect);
      child.on("error", (error) =>
        reject(new StoreFault(`it could not be started (${(error as NodeJS.ErrnoException).code})`)),
      );
      child.on("close", (code, signal) => {
        // Where the output was cut, it may have been cut in the middle of the secret.
        const end = output.length < MOST_OUTPUT ? undefined : -secret.length;
        const masked = output.replaceAll(secret, "[secret]").slice(0, end);
        for (const line of masked.split("\n").filter(Boolean))
          this.#context.progress.info(`${printable(program)}: ${printable(line)}`);
        if (code === 0) resolve();
        else
          reject(
            new StoreFault(code === null ? `it was ended by ${signal}` : `it ended with exit code ${code}`),
          );
      });
      // A program that does not read its input closes the pipe; its exit code tells the rest.
      child.stdin?.on("error", () => {});
      child.stdin?.end(secret);
    });
  }

  async release(): Promise<void> {}
}

function timeoutOf(uri: StoreUri): number {
  const text = uri.options.get("timeout");
  if (text === undefined) return DEFAULT_TIMEOUT_S;
  const seconds = Number(text);
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= 600) return seconds;
  throw badOption(uri, "the option timeout must be a whole number of seconds from 1 to 600");
}

function passedOn(uri: StoreUri): readonly string[] {
  const names = (uri.options.get("env") ?? "").split(",").filter(Boolean);
  const wrong = names.find((name) => !VARIABLE_NAME.test(name));
  if (wrong !== undefined)
    throw badOption(uri, `the option env names "${printable(wrong)}", which is no name of a variable`);
  return names;
}

/** What the operating system will do with the program's name, asked beforehand. */
function isExecutable(program: string, environment: NodeJS.ProcessEnv, folder: string): boolean {
  const extensions =
    process.platform === "win32" && extname(program) === ""
      ? (environment.PATHEXT ?? ".EXE").split(";")
      : [""];
  const folders = /[\\/]/.test(program) ? [folder] : (environment.PATH ?? "").split(delimiter);
  return folders.some((one) =>
    extensions.some((extension) => {
      const path = resolvePath(one, program + extension);
      try {
        accessSync(path, constants.X_OK);
        return statSync(path).isFile();
      } catch {
        return false;
      }
    }),
  );
}
