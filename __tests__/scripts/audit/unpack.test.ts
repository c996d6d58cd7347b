import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { newSecret } from "../../../sandbox/org/random-credential";
import { look } from "./look";
import { zipOf } from "./zip";

const SECRET = newSecret();
const LINE = `client_secret=${SECRET}\n`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "genesys-secret-unpack-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string): string => join(folder, name);
const found = async (...names: string[]) => {
  const { leaks, unread } = await look(names.map(at));
  return {
    places: leaks.flatMap(({ places }) =>
      places.map(({ file, inside }) => [file.slice(folder.length + 1), ...inside]),
    ),
    unread: unread.map(({ file, inside, reason }) => [file.slice(folder.length + 1), ...inside, reason]),
  };
};

test("a place in an archive is named by the way to it", async () => {
  writeFileSync(at("ci.zip"), zipOf({ "out/plan": zipOf({ tfstate: LINE }), "log.gz": gzipSync(LINE) }));
  expect(await found("ci.zip")).toEqual({
    places: [
      ["ci.zip", "out/plan", "tfstate"],
      ["ci.zip", "log.gz", "gunzipped"],
    ],
    unread: [],
  });
});

test("several gzip members, and gzip in gzip", async () => {
  writeFileSync(at("a.gz"), Buffer.concat([gzipSync("nothing\n"), gzipSync(LINE)]));
  writeFileSync(at("b.gz.gz"), gzipSync(gzipSync(LINE)));
  expect((await found("a.gz", "b.gz.gz")).places).toHaveLength(2);
});

test("a truncated gzip file is a finding, and what came before its end is searched", async () => {
  const noise = Array.from({ length: 20_000 }, () => newSecret()).join("\n");
  writeFileSync(at("log.gz"), gzipSync(LINE + noise).subarray(0, -2000));
  const { places, unread } = await found("log.gz");
  expect(unread).toEqual([["log.gz", "gunzipped", expect.stringContaining("cannot be unpacked to its end")]]);
  expect(places).toEqual([["log.gz", "gunzipped"]]);
});

test("a small gzip file cut off in its first piece is searched as far as it goes", async () => {
  writeFileSync(at("log.gz"), gzipSync(`${LINE}${newSecret()}${newSecret()}`).subarray(0, -10));
  const { places, unread } = await found("log.gz");
  expect(unread).toHaveLength(1);
  expect(places).toEqual([["log.gz", "gunzipped"]]);
});

test.each([
  ["truncated", zipOf({ tfstate: LINE }).subarray(0, -30)],
  ["without a directory", Buffer.from("PK\u0003\u0004 and nothing else")],
  ["its member damaged", Buffer.from(zipOf({ tfstate: `${LINE}${"x".repeat(500)}` })).fill(0xff, 45, 60)],
])("a plan file that is %s is a finding", async (_, bytes) => {
  writeFileSync(at("plan"), bytes);
  expect((await found("plan")).unread).toHaveLength(1);
});

test("a member that is not of the size that its archive says is a finding", async () => {
  const zip = zipOf({ tfstate: `${LINE}${"x".repeat(500)}` });
  // In the central directory; the local header's is not looked at.
  zip.writeUInt32LE(100, zip.indexOf("PK\u0001\u0002") + 24);
  writeFileSync(at("plan"), zip);
  expect((await found("plan")).unread).toEqual([
    ["plan", "tfstate", expect.stringContaining("cannot be read")],
  ]);
});

test("an archive that has a secret in a member without compression, and is cut off, is searched as it is", async () => {
  writeFileSync(at("plan"), `PK\u0003\u0004${LINE}`);
  const { places, unread } = await found("plan");
  expect([places.length, unread.length]).toEqual([1, 1]);
});

test("a folder: neither symbolic links nor .git; what may not be read is a finding", async () => {
  mkdirSync(at("sub/.git"), { recursive: true });
  writeFileSync(at("sub/.git/config"), LINE);
  writeFileSync(at("outside"), LINE);
  symlinkSync(at("outside"), at("sub/link"));
  symlinkSync(at("sub"), at("sub/round"));
  expect(await found("sub")).toEqual({ places: [], unread: [] });
  if (process.getuid?.() === 0) return;
  writeFileSync(at("sub/locked"), LINE);
  chmodSync(at("sub/locked"), 0);
  expect((await found("sub")).unread).toEqual([["sub/locked", "it cannot be read (EACCES)"]]);
});

test("a pipe is read once, from its beginning", async () => {
  const pipe = at("pipe");
  execFileSync("mkfifo", [pipe]);
  const writing = import("node:fs/promises").then(({ writeFile }) => writeFile(pipe, LINE));
  expect((await found("pipe")).places).toEqual([["pipe"]]);
  await writing;
});

describe("git", () => {
  const git = (...args: string[]): string =>
    execFileSync("git", ["-C", folder, "-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
      encoding: "utf8",
    });

  test("a place is named by its path and the commit that brought it", async () => {
    git("init", "-q");
    mkdirSync(at("infra"));
    writeFileSync(at("infra/prod.env"), `# a\n${LINE}`);
    git("add", ".");
    git("commit", "-qm", "oops");
    const commit = git("rev-parse", "HEAD").trim();
    git("rm", "-q", "infra/prod.env");
    git("commit", "-qm", "gone");
    // Without --git the history is not searched, and the report says so.
    const { leaks, unreadHistories } = await look([folder]);
    expect([leaks, unreadHistories]).toEqual([[], 1]);
    const [leak] = (await look([folder], { git: true })).leaks;
    expect(leak?.places).toMatchObject([{ file: at("infra/prod.env"), commit, line: 2 }]);
  });

  test("a bare repository, a broken one, and none at all", async () => {
    expect((await look([folder], { git: true })).unread).toMatchObject([
      { reason: expect.stringContaining("no git repository") },
    ]);
    git("init", "-q", "--bare");
    expect((await look([folder], { git: true })).unread).toEqual([]);
    mkdirSync(at("objects/aa"), { recursive: true });
    writeFileSync(at(`objects/aa/${"b".repeat(38)}`), "rubbish");
    expect((await look([folder], { git: true })).unread).toHaveLength(1);
  });
});
