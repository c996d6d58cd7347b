import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { ofMode, under } from "../../../helpers/local-file/conditions";
import { refusedFiles } from "../../../helpers/local-file/refused-files";
import { limitedTo, missingSetpriv, notRoot } from "../../../helpers/local-file/starters";
import { limits, oneClient } from "../../../helpers/one-client";
import { type Outcome, refusedWrite } from "../../../helpers/store-rows";
import { missingTools } from "../../../helpers/tools";

const URI = "file:./store/o.json";
const OTHERS = '{"tenant":12345678901234567890}';

const one = oneClient({ environment: () => limits(1) });

const file = (): string => one.path("store/o.json");

/** Makes the file as somebody else made it. */
function put(text: string | Buffer = OTHERS, mode = 0o600): string {
  mkdirSync(dirname(file()), { recursive: true });
  writeFileSync(file(), text);
  chmodSync(file(), mode);
  return file();
}

/** Runs it; refused, it says these words, and the old secret logs in. */
async function refused(uri: string, ...words: string[]): Promise<Outcome> {
  const result = await one.regenerate(uri);
  one.expectNotReady(result, ...words);
  one.expectDiscreet(result);
  expect(one.accepts(one.bornWith)).toBe(true);
  return one.outcome(result);
}

refusedFiles("file", one, { uri: URI, file: "store/o.json", text: OTHERS });

for (const [what, mode] of [
  ["read", 0o604],
  ["write", 0o602],
  ["read, and its group write", 0o664],
] as const) {
  const condition = `a file that every user of the machine may ${what}`;
  refusedWrite({ store: "file", condition, place: "exists" }, async () => {
    put(OTHERS, mode);
    const result = await one.regenerate(URI);
    one.expectNotReady(result, `its mode is 0${mode.toString(8)}`);
    const outcome = one.outcome(result);
    const [, command = ""] = /Run `(chmod [^`]*)`/.exec(result.stderr) ?? [];
    expect(spawnSync("sh", ["-c", command]).status).toBe(0);
    expect(await one.regenerate(URI)).toMatchObject({ code: 0 });
    expect(statSync(file()).mode & 0o777).toBe(mode & 0o770);
    return outcome;
  });
}

for (const [what, text, words] of [
  ["not UTF-8", Buffer.from('{"town":"M\xfcnchen"}', "latin1"), "not a JSON object in UTF-8"],
  ["no JSON", "owner = team orders\n", "not a JSON object"],
  ["a JSON array", "[]", "not a JSON object"],
] as const) {
  const condition = `a file that is ${what}, so that it could not be kept`;
  refusedWrite({ store: "file", condition, place: "exists" }, async () => {
    put(text);
    const before = readFileSync(file());
    const outcome = await refused(URI, words);
    expect(readFileSync(file()).equals(before)).toBe(true);
    return outcome;
  });
}

/** Longer than the limit. */
const LONG = `{"notes":"${"x".repeat(4000)}"}`;

// The system takes the beginning, and calls that a success.
for (const place of ["exists", "new"] as const)
  refusedWrite(
    {
      store: "file",
      condition: "a limit on the size of files that only a part fits into (ulimit -f)",
      place,
    },
    async () => {
      if (place === "exists") put(LONG);
      const result = await one.regenerateBehind(limitedTo(1), URI);
      one.expectNotReady(result, "(EFBIG)");
      expect(one.accepts(one.bornWith)).toBe(true);
      if (place === "exists") expect(readFileSync(file(), "utf8")).toBe(LONG);
      return one.outcome(result);
    },
  );

refusedWrite(
  { store: "file", condition: "symbolic links that lead in a circle", place: "exists" },
  async () => {
    symlinkSync("b.json", one.path("a.json"));
    symlinkSync("a.json", one.path("b.json"));
    return refused("file:./a.json", "symbolic links lead in a circle");
  },
);

refusedWrite({ store: "file", condition: "a file where its folder would be", place: "new" }, async () => {
  put();
  return refused(`${URI}/deep/o.json`, "a part of its path is not a folder");
});

const inside = ofMode(0o500);
refusedWrite(
  { store: "file", condition: "a folder that is not there and that this user may not make", place: "new" },
  async () => {
    put();
    const result = await under(inside, file(), (starter) =>
      one.regenerateBehind(starter, "file:./store/deep/o.json"),
    );
    one.expectNotReady(result, "it cannot be written (EACCES)");
    expect(one.accepts(one.bornWith)).toBe(true);
    return one.outcome(result);
  },
  inside.missing,
);

/** Sets an extended attribute that root alone may set; Python knows how. */
const SEAL = 'import os, sys; os.setxattr(sys.argv[1], "security.seal", b"of root")';
const ofUser = ofMode(0o700);
refusedWrite(
  { store: "file", condition: "an extended attribute that only root may set", place: "exists" },
  async () => {
    put();
    expect(spawnSync("python3", ["-c", SEAL, file()]).status).toBe(0);
    const result = await under(ofUser, file(), (starter) => one.regenerateBehind(starter, URI));
    one.expectNotReady(result, "its ACL or its extended attributes cannot be copied");
    expect(readFileSync(file(), "utf8")).toBe(OTHERS);
    return one.outcome(result);
  },
  missingSetpriv ?? missingTools("python3"),
  notRoot,
);
