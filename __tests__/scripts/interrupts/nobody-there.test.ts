import { spawn } from "node:child_process";
import { once } from "node:events";
import { describeUnlessMissing } from "../../helpers/engines";
import { inEachTest } from "../../helpers/one-client";
import { PROGRAM } from "../../helpers/program";
import { missingPython } from "../../helpers/terminal";
import { RunUnderTest } from "./run-under-test";

const run = inEachTest(new RunUnderTest());

/**
 * Calls `strike` when the run has come to that point, which waits for it.
 * @param landed what tells that the run has felt it. @default - nothing does: some time
 */
function when(
  point: "before" | "inside",
  strike: () => void,
  landed: () => Promise<unknown> = () => new Promise((resolve) => setTimeout(resolve, 150)),
): void {
  run.sandbox.onRequest(async (entry) => {
    const isThere = point === "inside" ? RunUnderTest.isCall(entry) : entry.path.endsWith(run.id);
    if (!isThere) return;
    strike();
    await landed();
  });
}

describe("a closed pipe ends nothing", () => {
  test.each(["before", "inside"] as const)(
    "whose reader goes away %s the critical section",
    async (point) => {
      const { child, result } = run.begin({}, "--json");
      when(point, () => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      });
      expect((await result).code).toBe(0);
      run.expectFinished();
    },
  );

  test.each([">&- 2>&-", "2>&-", ">&-", "<&- >&- 2>&-", "> /dev/full 2> /dev/full"])(
    "that never was there: %s",
    async (redirections) => {
      const shell = spawn(
        "sh",
        ["-c", `exec node "$0" "$@" ${redirections}`, PROGRAM, ...run.args, "--json"],
        {
          env: { PATH: process.env.PATH, ...run.environment },
          cwd: run.folder,
          stdio: "ignore",
        },
      );
      const [code] = await once(shell, "exit");
      expect(code).toBe(0);
      run.expectFinished();
    },
  );
});

describe("a parent that dies", () => {
  /** Starts the program as the child of a shell, which can be killed. */
  function startUnderShell(environment: Record<string, string>): {
    kill(): void;
    gone(): Promise<unknown>;
    ended(): Promise<void>;
  } {
    const shell = spawn("sh", ["-c", 'node "$0" "$@" & echo $!; wait', PROGRAM, ...run.args], {
      env: { PATH: process.env.PATH, ...run.environment, ...environment },
      cwd: run.folder,
      stdio: ["ignore", "pipe", "ignore"],
    });
    const gone = once(shell, "exit");
    const pid = once(shell.stdout, "data").then(([chunk]) => Number(String(chunk).split("\n")[0]));
    return {
      kill: () => shell.kill("SIGKILL"),
      gone: () => gone,
      ended: async () => {
        const program = await pid;
        while (isAlive(program)) await new Promise((resolve) => setTimeout(resolve, 50));
      },
    };
  }

  const UNDER_TERRAFORM = { GENESYS_SECRET_UNDER_TERRAFORM: "1" };

  test("before the critical section, under Terraform: nothing is changed", async () => {
    const shell = startUnderShell(UNDER_TERRAFORM);
    when("before", shell.kill, shell.gone);
    await shell.ended();
    run.expectUntouched();
  });

  test.each([
    ["inside it, under Terraform", "inside", UNDER_TERRAFORM],
    ["before it, for nobody who needs to know", "before", {}],
    ["inside it, for nobody who needs to know", "inside", {}],
  ] as const)("%s: the work is done", async (_, point, environment) => {
    const shell = startUnderShell(environment);
    when(point, shell.kill, shell.gone);
    await shell.ended();
    run.expectFinished();
  });
});

describeUnlessMissing(missingPython(), "a terminal that goes away", () => {
  /** Runs its arguments on a terminal of their own, hangs up when a text shows, and prints how they ended. */
  const ON_TERMINAL = `
import os, pty, sys
marker, argv = sys.argv[1].encode(), sys.argv[2:]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(argv[0], argv)
seen = b""
while marker not in seen:
    seen += os.read(terminal, 4096)
os.close(terminal)
print("gone", flush=True)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

  /** Not `execFileSync`: the org is in this process, and has to answer meanwhile. */
  async function hangUpAt(marker: string, point: "before" | "inside"): Promise<number> {
    const python = spawn("python3", ["-c", ON_TERMINAL, marker, process.execPath, PROGRAM, ...run.args], {
      env: { PATH: process.env.PATH, ...run.environment },
      cwd: run.folder,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    const gone = new Promise<void>((resolve) => {
      python.stdout.on("data", (chunk) => {
        output += chunk;
        if (output.startsWith("gone\n")) resolve();
      });
    });
    const ended = once(python, "close");
    when(
      point,
      () => {},
      () => (point === "before" ? ended : gone),
    );
    await ended;
    return Number(output.replace("gone", "").trim());
  }

  test("before the critical section: nothing is changed", async () => {
    expect(await hangUpAt("Signing in", "before")).toBe(143);
    run.expectUntouched();
  });

  test("inside it: the work is finished first", async () => {
    expect(await hangUpAt("Regenerating the secret", "inside")).toBe(143);
    run.expectFinished();
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
