import { readFileSync } from "node:fs";

/** What the processes of a run were started with, and what they wrote, as strace saw it. */
export interface ProcessTrace {
  readonly starts: readonly ProcessStart[];
  /** By where it went: a path, also of a file that is gone since, a terminal or "pipe:[123]"; what went to sockets is not kept. */
  readonly written: ReadonlyMap<string, Buffer>;
}

/** One program that was started, or was tried to be. */
export interface ProcessStart {
  readonly pid: number;
  readonly program: string;
  readonly argv: readonly string[];
  /** "NAME=value" each. */
  readonly environment: readonly string[];
}

// Neither is anything shortened, nor does a process that starts others get rid of strace.
const STRACE = ["strace", "-f", "-qq", "-v", "-y", "-s", "4000000", "-e", "signal=none"];
const CALLS = "trace=execve,execveat,write,pwrite64,writev,pwritev,pwritev2";

/** The beginning of a command line that runs the rest of it, and all that this starts, under strace. */
export function traceInto(file: string): readonly string[] {
  return [...STRACE, "-e", CALLS, "-o", file];
}

const STRING = String.raw`"(?:[^"\\]|\\.)*"`;
const LIST = String.raw`\[(?:${STRING}(?:, )?)*\]`;
const START = new RegExp(String.raw`^(\d+) +execve(?:at)?\(.*?(${STRING}), (${LIST}), (${LIST})`);
const WRITE = /^\d+ +p?writev?(?:64|2)?\(\d+<([^>]*)>, /;
const SOCKET = /^(socket|TCP|UDP|UNIX|NETLINK)/;

/** Reads what strace wrote, of one run or of several. */
export function readTraces(files: readonly string[]): ProcessTrace {
  const starts: ProcessStart[] = [];
  const written = new Map<string, Buffer[]>();
  for (const line of files.flatMap((file) => readFileSync(file, "latin1").split("\n"))) {
    const [, pid, program, argv, environment] = START.exec(line) ?? [];
    if (environment !== undefined) {
      starts.push({
        pid: Number(pid),
        program: stringsIn(program)[0] ?? "",
        argv: stringsIn(argv),
        environment: stringsIn(environment),
      });
      continue;
    }
    const [head, target] = WRITE.exec(line) ?? [];
    if (head === undefined || target === undefined || SOCKET.test(target)) continue;
    const path = unescaped(target).toString();
    const pieces = written.get(path) ?? [];
    written.set(path, pieces);
    pieces.push(...bytesIn(line.slice(head.length)));
  }
  return {
    starts,
    written: new Map([...written].map(([path, pieces]) => [path, Buffer.concat(pieces)])),
  };
}

function stringsIn(text = ""): string[] {
  return bytesIn(text).map((bytes) => bytes.toString());
}

function bytesIn(text: string): Buffer[] {
  return (text.match(new RegExp(STRING, "g")) ?? []).map((quoted) => unescaped(quoted.slice(1, -1)));
}

const ESCAPES: Readonly<Record<string, string>> = { t: "\t", n: "\n", v: "\v", f: "\f", r: "\r" };

/** strace writes strings as C does. */
function unescaped(text: string): Buffer {
  const raw = text.replace(/\\(?:([0-7]{1,3})|(.))/g, (_, octal?: string, sign = "") =>
    octal === undefined ? (ESCAPES[sign] ?? sign) : String.fromCharCode(Number.parseInt(octal, 8)),
  );
  return Buffer.from(raw, "latin1");
}
