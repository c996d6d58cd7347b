import { spawn } from "node:child_process";

export interface ProcessResult {
  readonly code: number;
  /** Standard output and error, as they came. */
  readonly output: string;
}

export interface ProcessOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Shown each line of the output as it comes. */
  readonly onLine?: (line: string) => void;
  /** Ends the process: politely at first, as a terminal's Ctrl-C would. */
  readonly interruption?: AbortSignal;
}

/** How long an interrupted process may take to end by itself. */
const GRACE_MS = 10_000;

/**
 * Runs a process to its end.
 * @throws {Error} when it cannot be started, or was interrupted; never while it still runs
 */
export function runProcess(
  command: string,
  args: readonly string[],
  options: ProcessOptions,
): Promise<ProcessResult> {
  const { interruption } = options;
  return new Promise((resolve, reject) => {
    interruption?.throwIfAborted();
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env,
      stdio: ["ignore", "pipe", "pipe"],
      // Out of reach of the terminal's own Ctrl-C: whoever interrupts does it once, from here.
      detached: interruption !== undefined,
    });
    const interrupt = (): void => {
      child.kill("SIGINT");
      setTimeout(() => child.kill("SIGKILL"), GRACE_MS).unref();
    };
    interruption?.addEventListener("abort", interrupt);
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      let rest = "";
      stream.setEncoding("utf8").on("data", (chunk: string) => {
        output += chunk;
        const lines = (rest + chunk).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) options.onLine?.(line);
      });
    }
    child.on("error", reject);
    child.on("close", (code) => {
      interruption?.removeEventListener("abort", interrupt);
      if (interruption?.aborted) {
        endGroup(child.pid as number);
        reject(interruption.reason);
      } else resolve({ code: code ?? 1, output });
    });
  });
}

/** Ends what an interrupted process left in its group: cdktf goes without the app that it synthesizes. */
function endGroup(leader: number): void {
  try {
    process.kill(-leader, "SIGKILL");
  } catch {
    // Nothing was left; or this is Windows, which has no such groups.
  }
}
