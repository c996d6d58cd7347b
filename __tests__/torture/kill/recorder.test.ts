import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeUnlessMissing } from "../../helpers/engines";
import { vault } from "./stores/on-servers";
import { command, file, githubEnv, gitlabDotenv } from "./stores/on-this-machine";
import { World } from "./world";

const strace = spawnSync("strace", ["-V"], { stdio: "ignore" }).status === 0;
const TRACED = [
  ...["openat", "mkdir", "mkdirat", "rmdir", "unlink", "unlinkat", "rename", "renameat", "renameat2", "link"],
  ...["linkat", "symlink", "symlinkat", "truncate", "ftruncate", "chmod", "fchmod", "fchmodat", "utimensat"],
  ...["fsync", "fdatasync", "write", "writev", "pwrite64", "pwritev", "sendto", "sendmsg", "execve"],
];

/** What the system was asked to do, and the places of the recorder that were open then. */
interface Touch {
  readonly call: string;
  /** A part of the place's name: a path, or what a connection is called. */
  readonly target: RegExp;
  readonly open: readonly string[];
}

/**
 * What a trace of the system's calls says that the program did to the world. The recorder's own notes are in it, too:
 * between the note before and the note after, a place is open.
 */
function touchesIn(trace: string, folder: string): Touch[] {
  const lines = trace.split("\n");
  const program = lines[0]?.split(" ")[0];
  const children = new Set<string>();
  const open = new Set<string>();
  const touches: Touch[] = [];
  let isRunning = false;
  for (const line of lines) {
    const [, pid = "", call = "", rest = ""] = /^(\d+) +(\w+)\((.*)$/.exec(line) ?? [];
    const [, side, name] =
      /^\d+<[^>]*\/logs\/[^>]*>, "(before|after|answer to) (.*) #\d+\\n"/.exec(rest) ?? [];
    if (side !== undefined && name !== undefined) {
      isRunning = true;
      if (side === "before") open.add(name);
      if (side === "after") open.delete(name);
      continue;
    }
    // The end of a call that another one interrupted in the trace; its beginning was a line, too.
    if (call === "") continue;
    const isChild = call === "execve" && pid !== program;
    if (!isRunning || (children.has(pid) && !isChild)) continue;
    if (isChild) children.add(pid);
    const target = targetOf(call, rest, folder);
    if (target) touches.push({ call: line, target, open: [...open] });
  }
  return touches;
}

/** What a call touches; undefined when it is nothing outside of the process. */
function targetOf(call: string, rest: string, folder: string): RegExp | undefined {
  if (call === "execve") return /^spawn /;
  if (call === "openat" && !/O_(WRONLY|RDWR|CREAT|TRUNC)/.test(rest)) return undefined;
  if (/^[12]</.test(rest)) return /^std(out|err)$/;
  const [, opened] = /^\d+<([^>]*)>/.exec(rest) ?? [];
  if (opened !== undefined && /^TCP/.test(opened)) return /^([A-Z]+ |more of [A-Z]+ )/;
  if (opened !== undefined && /^UNIX/.test(opened)) return /^more of what a child reads$/;
  if (opened !== undefined && !opened.startsWith("/")) return undefined;
  const path = (opened ?? /"([^"]*)"/.exec(rest)?.[1] ?? "").replace(/^\/proc\/\d+/, "/proc/self");
  if (path.startsWith("/dev/") || path.includes("/logs/")) return undefined;
  const steady = path.replaceAll(folder, ".").replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^\\w+ ${steady}$`);
}

describeUnlessMissing(
  strace ? undefined : "strace",
  "the recorder misses nothing that the system sees",
  () => {
    test.each([
      ["file", [file]],
      ["vault", [vault]],
      ["command", [command]],
      ["github-env", [githubEnv]],
      ["gitlab-dotenv", [gitlabDotenv]],
    ])("with the store %s", async (_, kinds) => {
      const folder = mkdtempSync(join(tmpdir(), "genesys-secret-strace-"));
      const world = await World.open(kinds);
      try {
        const traces = join(folder, "trace");
        const by = [
          "strace",
          "-f",
          "-qq",
          "-yy",
          "-s",
          "400",
          "-e",
          `trace=${TRACED.join()}`,
          "-e",
          "signal=none",
        ];
        const { result, places } = await world.record("1", undefined, [...by, "-o", traces]);
        expect(result).toMatchObject({ code: 0 });
        const touches = touchesIn(readFileSync(traces, "utf8"), world.folder);
        const unseen = touches.filter(({ target, open }) => !open.some((name) => target.test(name)));
        expect(unseen).toEqual([]);
        // And it did see something: what was sent and written is there.
        expect(touches.length).toBeGreaterThan(20);
        expect(places.filter((place) => place.endsWith("/secret #1"))).toHaveLength(3);
      } finally {
        await world.close();
        rmSync(folder, { recursive: true, force: true });
      }
    });
  },
);
