import { execFileSync, spawn } from "node:child_process";
import { PROGRAM } from "./program";

/** Runs its arguments on a terminal of their own, types an answer when it is asked, and prints what that showed. */
const ON_TERMINAL = `
import os, pty, sys
asked, argv = sys.argv[1].encode(), sys.argv[2:]
answer = sys.stdin.buffer.read()
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(argv[0], argv)
seen, typed = b"", False
while True:
    try:
        part = os.read(terminal, 4096)
    except OSError:
        break
    if not part:
        break
    seen += part
    if not typed and asked in seen:
        typed = True
        os.write(terminal, answer + b"\\n")
os.write(1, seen)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

/** What a terminal of a test needs; undefined when it is there. */
export function missingPython(): string | undefined {
  try {
    execFileSync("python3", ["-c", "import pty, os; os.waitstatus_to_exitcode"], { stdio: "ignore" });
    return undefined;
  } catch {
    return "python3 (3.9 or newer)";
  }
}

export interface Dialogue {
  /** The end of the question. */
  readonly asked: string;
  /** What is typed then, and the key Enter. */
  readonly answer: string;
  readonly cwd: string;
  readonly env: Record<string, string>;
}

/** Runs the bundle on a terminal. */
export async function onTerminal(
  args: readonly string[],
  { asked, answer, cwd, env }: Dialogue,
): Promise<{ code: number | null; shown: string }> {
  const argv = [process.execPath, "--", PROGRAM, ...args];
  const child = spawn("python3", ["-c", ON_TERMINAL, asked, ...argv], {
    cwd,
    env: { PATH: process.env.PATH, ...env },
  });
  let shown = "";
  child.stdout.on("data", (part) => {
    shown += part;
  });
  child.stdin.end(answer);
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, shown };
}
