import {
  chmodSync,
  chownSync,
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
import { HIDDEN_ATTRIBUTES, hidden, setHidden } from "../../../helpers/local-file/hidden-attributes";
import { ANOTHER, notRoot, USER } from "../../../helpers/local-file/starters";
import { limits, oneClient } from "../../../helpers/one-client";
import type { ProgramResult } from "../../../helpers/program";
import { keptAttribute } from "../../../helpers/store-rows";
import { missingTools } from "../../../helpers/tools";

const URI = "file:./store/o.json";
const NUMBERS = '{"tenant":12345678901234567890,"snowflake":1057345678901234601,"huge":1e400}';

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

/** Writes it, and once more over what the first run has written. */
async function regenerateTwice(): Promise<void> {
  for (let run = 0; run < 2; run += 1) expect(await regenerate()).toMatchObject({ code: 0 });
  expect(one.accepts(JSON.parse(readFileSync(file(), "utf8").replace("\uFEFF", "")).client_secret)).toBe(
    true,
  );
}

describe("what others wrote into a file", () => {
  for (const [attribute, theirs] of [
    ["fields of others, whatever they hold", '{"owner":"team orders","nested":{"kept":[1,null,"ü",{}]}'],
    ["long numbers of others, as they were written", NUMBERS.slice(0, -1)],
    ["the layout of others: tabs, blanks and line ends", '{\r\n\t"b" : 1.0,\r\n\t"a" : [ 1 ]'],
    ["a byte order mark", '\uFEFF{"a":1'],
    ["characters of others that are written as escapes", '{"t\\u006fwn":"M\\u00fcnchen \\/ \\ud83d\\ude00"'],
    ["a field of others that stands twice", '{"a":1,"a":2'],
    ["fields of others that are named like ours and are not", '{"owner":"team orders","verified":"by hand"'],
  ] as const)
    keptAttribute("file", attribute, async () => {
      put(`${theirs}}`);
      await regenerateTwice();
      expect(readFileSync(file(), "utf8").startsWith(`${theirs},`)).toBe(true);
    });

  keptAttribute(
    "file",
    "what somebody else writes into it while a run is under way, and its mode",
    async () => {
      put('{"theirs":1}');
      one.sandbox.onAnswer(({ path }) => {
        if (/\/secret$/.test(path)) put('{"theirs":2}', 0o640);
      });
      expect(await regenerate()).toMatchObject({ code: 0 });
      expect(one.document("store/o.json")).toMatchObject({ theirs: 2 });
      expect(one.storeIsValid("store/o.json")).toBe(true);
      expect(statSync(file()).mode & 0o777).toBe(0o640);
    },
  );
});

describe("what a file is besides its content", () => {
  keptAttribute("file", "the mode, by which a group may read it", async () => {
    put(NUMBERS, 0o640);
    await regenerateTwice();
    expect(statSync(file()).mode & 0o7777).toBe(0o640);
  });

  keptAttribute(
    "file",
    "the owner and the group",
    async () => {
      chownSync(put(NUMBERS, 0o640), ANOTHER, USER);
      await regenerateTwice();
      const { uid, gid, mode } = statSync(file());
      expect({ uid, gid, mode: mode & 0o7777 }).toEqual({ uid: ANOTHER, gid: USER, mode: 0o640 });
    },
    undefined,
    notRoot,
  );

  for (const [title, name] of HIDDEN_ATTRIBUTES)
    keptAttribute(
      "file",
      title,
      async () => {
        put();
        const before = setHidden(file(), name);
        await regenerateTwice();
        expect(hidden(file(), name)).toBe(before);
      },
      missingTools("python3"),
    );
});

describe("a symbolic link stays one, and leads to the document", () => {
  for (const [attribute, isThere, target] of [
    ["a symbolic link to it", true, "store/o.json"],
    ["a symbolic link into a folder that is not there yet", false, "store/o.json"],
    ["a symbolic link to another one", false, "second.json"],
  ] as const)
    keptAttribute("file", attribute, async () => {
      if (isThere) put();
      symlinkSync("store/o.json", one.path("second.json"));
      symlinkSync(target, one.path("link.json"));
      expect(await regenerate("file:./link.json")).toMatchObject({ code: 0 });
      expect(lstatSync(one.path("link.json")).isSymbolicLink()).toBe(true);
      expect(readlinkSync(one.path("link.json"))).toBe(target);
      expect(one.storeIsValid("store/o.json")).toBe(true);
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
