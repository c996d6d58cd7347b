import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { Secret } from "../../../../scripts/core/secret";
import { openStore } from "../../../../scripts/stores/gitlab-dotenv/store";
import type { StoreContext } from "../../../../scripts/stores/store";
import { parseStoreUri } from "../../../../scripts/stores/uri";
import { HIDDEN_ATTRIBUTES, hidden, setHidden } from "../../../helpers/local-file/hidden-attributes";
import { refusedFiles } from "../../../helpers/local-file/refused-files";
import { ANOTHER, limitedTo, notRoot, USER } from "../../../helpers/local-file/starters";
import { limits, oneClient } from "../../../helpers/one-client";
import type { ProgramResult } from "../../../helpers/program";
import { keptAttribute, refusedWrite } from "../../../helpers/store-rows";
import { missingTools } from "../../../helpers/tools";

let project: string;
const one = oneClient({ environment: () => limits(1) });

beforeEach(() => {
  project = one.path("project");
  mkdirSync(project);
});

const job = (): Record<string, string> => ({ GITLAB_CI: "true", CI_PROJECT_DIR: project });
const report = (file = "build.env"): string => readFileSync(join(project, file), "utf8");

const regenerate = (uri: string, environment = job(), ...args: string[]): Promise<ProgramResult> =>
  one.regenerate(uri, environment, ...args);

test("the secret is a line of the report, in a private file, with a warning about who can read it", async () => {
  const result = await regenerate("gitlab-dotenv:ORDERS_SECRET");
  expect(result).toMatchObject({ code: 0, stdout: "" });
  expect(result.stderr).toMatch(/Warning: .*whoever may download the job's artifacts can read the secret/);
  expect(report()).toBe(`ORDERS_SECRET=${one.sandbox.liveSecret(one.id)}\n`);
  expect(statSync(join(project, "build.env")).mode & 0o777).toBe(0o600);
});

test("an older line of the same name goes, and no line is empty", async () => {
  writeFileSync(join(project, "out.env"), "A=1\n\nORDERS_SECRET = old\nB=2");
  expect(await regenerate("gitlab-dotenv:ORDERS_SECRET?file=out.env")).toMatchObject({ code: 0 });
  expect(report("out.env")).toBe(`A=1\nB=2\nORDERS_SECRET=${one.sandbox.liveSecret(one.id)}\n`);
});

describe("of a report that is there", () => {
  const theirs = Buffer.from("A=1\nORDERS_SECRET_2 = x=y \nTOWN=M\xfcnchen\r\n", "latin1");

  for (const [attribute, text] of [
    ["lines of others, as they were written", theirs],
    ["lines of others that are not UTF-8", Buffer.from("TOWN=M\xfcnchen\n", "latin1")],
    ["lines of others in UTF-8", Buffer.from("TOWN=München à 😀\n")],
  ] as const)
    keptAttribute("gitlab-dotenv", attribute, async () => {
      writeFileSync(join(project, "build.env"), text);
      for (let run = 0; run < 2; run += 1)
        expect(await regenerate("gitlab-dotenv:ORDERS_SECRET")).toMatchObject({ code: 0 });
      const ours = Buffer.from(`ORDERS_SECRET=${one.sandbox.liveSecret(one.id)}\n`);
      expect(readFileSync(join(project, "build.env")).equals(Buffer.concat([text, ours]))).toBe(true);
    });

  keptAttribute("gitlab-dotenv", "its mode, which a job's umask may have opened to all", async () => {
    writeFileSync(join(project, "build.env"), "A=1\n");
    chmodSync(join(project, "build.env"), 0o666);
    expect(await regenerate("gitlab-dotenv:ORDERS_SECRET")).toMatchObject({ code: 0 });
    expect(statSync(join(project, "build.env")).mode & 0o7777).toBe(0o666);
  });

  keptAttribute(
    "gitlab-dotenv",
    "its owner and its group",
    async () => {
      writeFileSync(join(project, "build.env"), "A=1\n");
      chownSync(join(project, "build.env"), USER, ANOTHER);
      expect(await regenerate("gitlab-dotenv:ORDERS_SECRET")).toMatchObject({ code: 0 });
      expect(statSync(join(project, "build.env"))).toMatchObject({ uid: USER, gid: ANOTHER });
    },
    undefined,
    notRoot,
  );

  for (const [title, name] of HIDDEN_ATTRIBUTES)
    keptAttribute(
      "gitlab-dotenv",
      title,
      async () => {
        const file = join(project, "build.env");
        writeFileSync(file, "A=1\n", { mode: 0o640 });
        const before = setHidden(file, name);
        for (let run = 0; run < 2; run += 1)
          expect(await regenerate("gitlab-dotenv:ORDERS_SECRET")).toMatchObject({ code: 0 });
        expect(hidden(file, name)).toBe(before);
      },
      missingTools("python3"),
    );

  keptAttribute("gitlab-dotenv", "a symbolic link to a file of the project, there or not", async () => {
    symlinkSync("out.env", join(project, "build.env"));
    for (let run = 0; run < 2; run += 1)
      expect(await regenerate("gitlab-dotenv:ORDERS_SECRET")).toMatchObject({ code: 0 });
    expect(lstatSync(join(project, "build.env")).isSymbolicLink()).toBe(true);
    expect(report("out.env")).toBe(`ORDERS_SECRET=${one.sandbox.liveSecret(one.id)}\n`);
  });
});

test("the id and the secret go into one report: neither overwrites the other", async () => {
  const both = [
    ["gitlab-dotenv:ORDERS_ID?field=client_id", "gitlab-dotenv:ORDERS_SECRET"],
    ["gitlab-dotenv:ORDERS_SECRET", "gitlab-dotenv:ORDERS_ID?field=client_id"],
  ] as const;
  for (const [first, second] of both) {
    expect(await regenerate(first, job(), "--store", second)).toMatchObject({ code: 0 });
    expect(report().split("\n").sort()).toEqual([
      "",
      `ORDERS_ID=${one.id}`,
      `ORDERS_SECRET=${one.sandbox.liveSecret(one.id)}`,
    ]);
    rmSync(join(project, "build.env"));
  }
});

test("a report that gets shorter is replaced as a whole: its permissions stay, what a killed run left goes", async () => {
  writeFileSync(join(project, "build.env"), `A=1${"\n".repeat(200)}B=2\n`, { mode: 0o640 });
  const sibling = join(project, "build.env.genesys-secret.tmp");
  writeFileSync(sibling, "ORDERS_SECRET=of-a-killed-run");
  const before = openSync(join(project, "build.env"), "r");
  expect(await regenerate("gitlab-dotenv:ORDERS_SECRET")).toMatchObject({ code: 0 });
  expect(report()).toBe(`A=1\nB=2\nORDERS_SECRET=${one.sandbox.liveSecret(one.id)}\n`);
  expect(statSync(join(project, "build.env")).mode & 0o777).toBe(0o640);
  // A file that is changed in place has moments in which it is broken.
  expect(readFileSync(before, "utf8")).toContain("\n".repeat(200));
  closeSync(before);
  expect(existsSync(sibling)).toBe(false);
});

test("a field that is no secret comes without the warning", async () => {
  const result = await regenerate("gitlab-dotenv:CLIENT?field=client_id");
  expect(result.stderr).not.toContain("Warning");
  expect(report()).toBe(`CLIENT=${one.id}\n`);
});

test("a dry run leaves nothing behind", async () => {
  expect(await regenerate("gitlab-dotenv:X", job(), "--dry-run")).toMatchObject({ code: 0 });
  expect(existsSync(join(project, "build.env"))).toBe(false);
});

test("a run that stops before the call leaves nothing behind", async () => {
  const result = await regenerate("gitlab-dotenv:X", job(), "--store", `file:${project}`);
  expect(result.code).toBe(6);
  expect(existsSync(join(project, "build.env"))).toBe(false);
});

refusedFiles("gitlab-dotenv", one, {
  uri: "gitlab-dotenv:ORDERS_SECRET",
  file: "project/build.env",
  text: "A=1\nB=2\n",
  environment: job,
});

refusedWrite(
  {
    store: "gitlab-dotenv",
    condition: "a limit on the size of files that only a part fits into (ulimit -f)",
    place: "exists",
  },
  async () => {
    const others = `A=${"x".repeat(990)}\n`;
    writeFileSync(join(project, "build.env"), others);
    const result = await one.regenerateBehind(limitedTo(2), "gitlab-dotenv:ORDERS_SECRET", job());
    one.expectNotReady(result, "(EFBIG)");
    expect(one.accepts(one.bornWith)).toBe(true);
    expect(report()).toBe(others);
    return one.outcome(result);
  },
);

for (const [condition, place, uri, environment, words] of [
  ["a place that is no job of GitLab CI/CD", "new", "gitlab-dotenv:X", {}, "this is no job of GitLab CI/CD"],
  [
    "a file outside the project",
    "new",
    "gitlab-dotenv:X?file=../x.env",
    undefined,
    "outside the project's folder",
  ],
  [
    "a file outside the project, by its absolute path",
    "new",
    "gitlab-dotenv:X?file=/tmp/x.env",
    undefined,
    "outside the project's folder",
  ],
  [
    "a folder that is a link to outside",
    "new",
    "gitlab-dotenv:X?file=link/x.env",
    undefined,
    "outside the project's folder",
  ],
  [
    "a file that is a link to outside",
    "exists",
    "gitlab-dotenv:X?file=out.env",
    undefined,
    "outside the project's folder",
  ],
  ["a folder that is not there", "new", "gitlab-dotenv:X?file=none/x.env", undefined, "(ENOENT)"],
  ["links that lead in a circle", "exists", "gitlab-dotenv:X?file=circle", undefined, "(ELOOP)"],
] as const)
  refusedWrite({ store: "gitlab-dotenv", condition, place }, async () => {
    symlinkSync(one.folder, join(project, "link"));
    symlinkSync(one.path("theirs.env"), join(project, "out.env"));
    symlinkSync("circle", join(project, "circle"));
    writeFileSync(one.path("theirs.env"), "A=1\n");
    const result = await regenerate(uri, environment);
    one.expectNotReady(result, words);
    expect(one.accepts(one.bornWith)).toBe(true);
    return one.outcome(result);
  });

for (const place of ["exists", "new"] as const)
  refusedWrite(
    {
      store: "gitlab-dotenv",
      condition: 'a new secret with a "$" in it, which GitLab would not hand on as it is',
      place,
      exit: 8,
      calls: 1,
    },
    async () => {
      if (place === "exists") writeFileSync(join(project, "build.env"), "A=1\n");
      one.sandbox.fault({
        path: `/api/v2/oauth/clients/${one.id}/secret`,
        body: { id: one.id, secret: "a-new-secret-with-$-in-it" },
      });
      const result = await regenerate("gitlab-dotenv:X");
      expect(result.stderr).toContain("a character that a dotenv report does not hand on as it is");
      const outcome = one.outcome(result);
      expect(await regenerate("gitlab-dotenv:X")).toMatchObject({ code: 0 });
      return outcome;
    },
  );

test.each(["a\nPATH=/evil", "a b", "a\r", "$PATH", "a$$b"])(
  "the value %j, which a report would not hand on as it is, is refused",
  async (value) => {
    const context = { environment: job(), progress: { warn: () => {} } } as unknown as StoreContext;
    const store = openStore(parseStoreUri("gitlab-dotenv:NAME"), context);
    await store.prepare(false);
    const document = {
      clientId: "id",
      clientSecret: new Secret(value),
      region: "",
      regeneratedAt: "",
      rotation: null,
      stores: [],
    };
    await expect(store.write(document)).rejects.toThrow("does not hand on as it is");
    await store.release();
    expect(existsSync(join(project, "build.env"))).toBe(false);
  },
);

test.each([
  ["A-B", "letters, digits and underscores"],
  ["X?to=x", "known are file, field"],
])("gitlab-dotenv:%s is refused", (body, reason) => {
  expect(() => parseStoreUri(`gitlab-dotenv:${body}`)).toThrow(reason);
});
