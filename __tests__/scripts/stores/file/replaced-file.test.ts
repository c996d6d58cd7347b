import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describeUnlessMissing, missingStrace, testUnlessMissing } from "../../../helpers/engines";
import { limits, oneClient } from "../../../helpers/one-client";
import { type ProgramResult, startBehind } from "../../../helpers/program";
import { missingTools } from "../../../helpers/tools";

const URI = "file:./store/o.json";
const NUMBERS = '{"tenant":12345678901234567890,"snowflake":1057345678901234601,"huge":1e400}';

const isRoot = process.getuid?.() === 0;
/** Root becomes another user by it; everybody else is one. */
const missingSetpriv = isRoot ? missingTools("setpriv") : undefined;
const one = oneClient({ environment: () => limits(1) });

const file = (): string => one.path("store/o.json");

/** Makes the file as somebody else made it. */
function put(text = NUMBERS, mode = 0o600): string {
  mkdirSync(dirname(file()), { recursive: true });
  writeFileSync(file(), text);
  chmodSync(file(), mode);
  return file();
}

const regenerate = (uri = URI, ...args: string[]): Promise<ProgramResult> => one.regenerate(uri, {}, ...args);

/** Runs `regenerate` by way of another program. */
const regenerateBehind = (...starter: string[]): Promise<ProgramResult> =>
  startBehind(starter, ["regenerate", "--client-id", one.id, "--store", URI], one.environment, one.folder)
    .result;

/** A user that is not root, whom the test's folder is open to. */
function asAnotherUser(): string[] {
  chmodSync(one.folder, 0o777);
  return isRoot ? ["setpriv", "--reuid=4242", "--regid=4242", "--clear-groups"] : [];
}

/** Refused with 6, for this reason: no call was made, the old secret logs in, and the store holds what it held. */
function expectRefused(result: ProgramResult, ...words: string[]): void {
  one.expectNotReady(result, ...words);
  one.expectDiscreet(result);
  expect(one.accepts(one.bornWith)).toBe(true);
}

function testIf(possible: boolean, title: string, otherwise: string, body: () => Promise<void>): void {
  const skipped = test.skip;
  if (possible) test(title, body);
  else skipped(`${title} [cannot be: ${otherwise}]`, body);
}

const succeeds = (command: string, ...args: string[]): boolean => spawnSync(command, args).status === 0;

describe("a file that nothing can be put in place of ends a run with 6 before the call", () => {
  testIf(
    succeeds("unshare", "--mount", "true"),
    "a file that is a mount of its own: the folder is to be mounted",
    "this user may make no mounts",
    async () => {
      put();
      writeFileSync(one.path("held.json"), "{}", { mode: 0o600 });
      const script = 'mount --bind held.json store/o.json && exec "$@"';
      const result = await regenerateBehind("unshare", "--mount", "sh", "-ec", script, "sh");
      expectRefused(result, "a mount of its own", "Mount the folder that it is in");
      expect(readFileSync(one.path("held.json"), "utf8")).toBe("{}");
      expect(readdirSync(one.path("store"))).toEqual(["o.json"]);
    },
  );

  /** Whether a file's flags can be set: it takes a right that containers lack, and a file system that has them. */
  function changes(flags: string, path: string): boolean {
    return succeeds("chattr", flags, path);
  }

  describeUnlessMissing(missingStrace, "because the system refuses it,", () => {
    test.each([
      ["an immutable file", "i", () => put(), "Run `lsattr -d "],
      ["a folder in which files may only be added, for a new file", "a", () => dirname(put()), "chattr"],
    ])(
      "%s, where the flag can be set; else the system's refusal is played",
      async (_what, flag, make, words) => {
        const path = make();
        const isNew = path !== file();
        if (isNew) spawnSync("rm", [file()]);
        const set = changes(`+${flag}`, path);
        const played = [
          "strace",
          "-f",
          "-qq",
          "-o",
          "/dev/null",
          "-e",
          "inject=rename,renameat,renameat2:error=EPERM",
        ];
        try {
          const result = await (set ? regenerate() : regenerateBehind(...played));
          expectRefused(result, "immutable, or nothing may be renamed there (EPERM)", words);
        } finally {
          if (set) changes(`-${flag}`, path);
        }
        expect(existsSync(file())).toBe(!isNew);
      },
    );
  });

  testUnlessMissing(
    missingSetpriv,
    "a folder that may be written and not read, so that no sync is possible",
    async () => {
      put();
      const [folder, starter] = [dirname(file()), asAnotherUser()];
      if (isRoot) for (const path of [folder, file()]) chownSync(path, 4242, 4242);
      chmodSync(folder, 0o300);
      try {
        const result = await regenerateBehind(...starter);
        expectRefused(result, "cannot be opened for the sync", "Run `chmod u+r ");
        expect(readFileSync(file(), "utf8")).toBe(NUMBERS);
      } finally {
        chmodSync(folder, 0o700);
      }
    },
  );

  describeUnlessMissing(missingSetpriv, "where several users meet,", () => {
    testIf(
      isRoot,
      "a file of another user in a folder that is everybody's",
      "it takes root to make files of other users",
      async () => {
        const starter = asAnotherUser();
        put(NUMBERS, 0o660);
        chownSync(file(), 4243, 4242);
        chmodSync(dirname(file()), 0o1777);
        const result = await regenerateBehind(...starter);
        expectRefused(result, "belongs to the user 4243", "Run as the user that it belongs to");
        expect(readFileSync(file(), "utf8")).toBe(NUMBERS);
      },
    );
  });
});

test.each([
  ["read", 0o604],
  ["write", 0o602],
  ["read, of a shared group, too", 0o664],
])(
  "a file that others may %s ends a run with 6, and the command printed corrects it",
  async (_what, mode) => {
    put(NUMBERS, mode);
    const result = await regenerate();
    expectRefused(result, `its mode is 0${mode.toString(8)}`);
    const [, command = ""] = /Run `(chmod [^`]*)`/.exec(result.stderr) ?? [];
    expect(succeeds("sh", "-c", command)).toBe(true);
    expect(await regenerate()).toMatchObject({ code: 0 });
    expect(statSync(file()).mode & 0o777).toBe(mode & 0o770);
  },
);

test("a file with another name, a hard link, ends a run with 6: that name would keep the old secret", async () => {
  linkSync(put(), one.path("other.json"));
  expectRefused(await regenerate(), "2 names (hard links)");
  expect(statSync(file()).ino).toBe(statSync(one.path("other.json")).ino);
});

test("a file that is not UTF-8 ends a run with 6: its characters could not be kept", async () => {
  put();
  const latin = Buffer.from('{"town":"M\xfcnchen"}', "latin1");
  writeFileSync(file(), latin);
  expectRefused(await regenerate(), "not a JSON object in UTF-8");
  expect(readFileSync(file()).equals(latin)).toBe(true);
});

describe("of a file that is there, a run keeps", () => {
  test.each([
    ["numbers that JavaScript would round", NUMBERS],
    ["a byte order mark, and the layout", '\uFEFF{\r\n\t"b" : 1.0,\r\n\t"a" : [ 1 ]\r\n}\r\n'],
  ])("what others wrote: %s", async (_what, text) => {
    put(text);
    expect(await regenerate()).toMatchObject({ code: 0 });
    expect(await regenerate()).toMatchObject({ code: 0 });
    const now = readFileSync(file(), "utf8");
    const ours = now.indexOf(",", text.lastIndexOf(text.includes("]") ? "]" : "400"));
    expect(now.startsWith(text.slice(0, ours))).toBe(true);
    expect(ours).toBeGreaterThan(0);
    expect(one.accepts(JSON.parse(now.replace("\uFEFF", "")).client_secret)).toBe(true);
  });

  test("a group that may read it", async () => {
    put(NUMBERS, 0o640);
    if (isRoot) chownSync(file(), 4243, 4242);
    const before = statSync(file());
    expect(await regenerate()).toMatchObject({ code: 0 });
    const { mode, uid, gid } = statSync(file());
    expect({ mode, uid, gid }).toEqual({ mode: before.mode, uid: before.uid, gid: before.gid });
  });

  /** Sets an extended attribute and an ACL that lets user 4244 read, and shows them; Python knows how. */
  const ATTRIBUTES = `
import os, struct, sys
acl = struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *e) for e in
  [(1, 6, 2**32-1), (2, 4, 4244), (4, 4, 2**32-1), (16, 4, 2**32-1), (32, 0, 2**32-1)])
names = {"user.owner": b"team orders", "system.posix_acl_access": acl}
if sys.argv[2] == "set":
  for name, value in names.items(): os.setxattr(sys.argv[1], name, value)
print({name: os.getxattr(sys.argv[1], name) for name in names})
`;
  const attributes = (what: "set" | "show"): string =>
    String(spawnSync("python3", ["-c", ATTRIBUTES, file(), what], { encoding: "utf8" }).stdout);

  testUnlessMissing(missingTools("python3"), "its ACL and its extended attributes", async () => {
    put();
    const before = attributes("set");
    expect(before).toContain("team orders");
    expect(await regenerate()).toMatchObject({ code: 0 });
    expect(attributes("show")).toBe(before);
  });

  test("what somebody else writes into it while the run is under way", async () => {
    put('{"theirs":1}');
    one.sandbox.onAnswer(({ path }) => {
      if (/\/secret$/.test(path)) put('{"theirs":2}', 0o640);
    });
    expect(await regenerate()).toMatchObject({ code: 0 });
    expect(one.document("store/o.json")).toMatchObject({ theirs: 2 });
    expect(one.storeIsValid("store/o.json")).toBe(true);
    expect(statSync(file()).mode & 0o777).toBe(0o640);
  });
});

describe("a symbolic link stays one, and leads to the document", () => {
  test.each([
    ["to a file that is there", true, "store/o.json"],
    ["to a file in a folder that is not there yet", false, "store/o.json"],
    ["to another link", false, "second.json"],
  ])("where there is %s", async (_what, isThere, target) => {
    if (isThere) put();
    symlinkSync("store/o.json", one.path("second.json"));
    symlinkSync(target, one.path("link.json"));
    expect(await regenerate("file:./link.json")).toMatchObject({ code: 0 });
    expect(lstatSync(one.path("link.json")).isSymbolicLink()).toBe(true);
    expect(readlinkSync(one.path("link.json"))).toBe(target);
    expect(one.storeIsValid("store/o.json")).toBe(true);
  });

  test("one of a circle ends a run with 6", async () => {
    symlinkSync("b.json", one.path("a.json"));
    symlinkSync("a.json", one.path("b.json"));
    expectRefused(await regenerate("file:./a.json"), "symbolic links lead in a circle");
  });
});

describe("a rehearsal", () => {
  test("puts a copy in place of the file, which readers cannot tell from it", async () => {
    put(NUMBERS, 0o640);
    utimesSync(file(), 1_700_000_000, 1_700_000_001);
    const before = statSync(file());
    expect(await regenerate(URI, "--dry-run", "--rehearse")).toMatchObject({ code: 0 });
    const after = statSync(file());
    expect(after.ino).not.toBe(before.ino);
    expect({ mode: after.mode, changed: after.mtimeMs }).toEqual({
      mode: before.mode,
      changed: before.mtimeMs,
    });
    expect(readFileSync(file(), "utf8")).toBe(NUMBERS);
    expect(readdirSync(dirname(file()))).toEqual(["o.json"]);
  });

  test("of a new file makes none", async () => {
    expect(await regenerate(URI, "--dry-run", "--rehearse")).toMatchObject({ code: 0 });
    expect(readdirSync(join(one.folder, "store"))).toEqual([]);
  });

  test("is not part of a dry run, which says so", async () => {
    put();
    const { ino } = statSync(file());
    const { code, stderr } = await regenerate(URI, "--dry-run");
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("--rehearse tries it"),
    });
    expect(statSync(file()).ino).toBe(ino);
  });
});
