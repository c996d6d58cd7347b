import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(__dirname, "../../..");
const { demo } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).scripts;

export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** What `npm run demo` runs, with a temporary folder of its own, and what it leaves behind. */
export class DemoRun {
  readonly folder = mkdtempSync(join(tmpdir(), "demo-test-"));

  constructor() {
    mkdirSync(join(this.folder, "tmp"));
  }

  /**
   * Runs it to its end.
   * @param isMoment looked at again and again with the output so far; when it first holds the demo gets a SIGINT
   */
  run(environment: NodeJS.ProcessEnv, isMoment: (output: string) => boolean = () => false): Promise<Ended> {
    const env = { ...process.env, TMPDIR: join(this.folder, "tmp"), ...environment };
    const [program, ...args] = demo.split(" ");
    const child = spawn(program, args, { cwd: ROOT, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
      });
    }
    const watch = setInterval(() => {
      if (!isMoment(output)) return;
      clearInterval(watch);
      child.kill("SIGINT");
    }, 20);
    return new Promise((resolve) =>
      child.on("close", (code) => {
        clearInterval(watch);
        resolve({ code, output });
      }),
    );
  }

  /** What is in the temporary folder; the cache of the TypeScript loader is not of the demo's making. */
  leftFiles(): string[] {
    return readdirSync(join(this.folder, "tmp")).filter((name) => !name.startsWith("tsx-"));
  }

  /** Command lines of processes that still have the temporary folder in their environment. */
  leftProcesses(): string[] {
    if (!existsSync("/proc/self/environ")) return [];
    const read = (pid: string, file: string): string => {
      try {
        return readFileSync(`/proc/${pid}/${file}`, "utf8");
      } catch {
        return "";
      }
    };
    return readdirSync("/proc")
      .filter((pid) => /^\d+$/.test(pid) && read(pid, "environ").includes(this.folder))
      .map((pid) => read(pid, "cmdline"));
  }

  /** Interrupts it at that moment, and checks that it cleans up. */
  async expectCleanup(environment: NodeJS.ProcessEnv, isMoment: (output: string) => boolean): Promise<void> {
    const { code, output } = await this.run(environment, isMoment);
    expect(output).toContain("Interrupted: ending what runs and cleaning up.");
    expect(output).not.toContain("What was proved");
    expect({ code, left: this.leftFiles(), running: this.leftProcesses() }).toEqual({
      code: 130,
      left: [],
      running: [],
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
