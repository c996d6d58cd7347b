import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Secret } from "../../../../scripts/core/secret";
import { openStore } from "../../../../scripts/stores/gitlab-dotenv/store";
import type { StoreContext } from "../../../../scripts/stores/store";
import { parseStoreUri } from "../../../../scripts/stores/uri";
import { oneClient } from "../../../helpers/one-client";
import type { ProgramResult } from "../../../helpers/program";

let project: string;
const one = oneClient({ environment: () => ({ GENESYS_SECRET_RETRY_TIMEOUT: "1" }) });

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

test("others' lines stay, an older one of the same name goes, and no line is empty", async () => {
  writeFileSync(join(project, "out.env"), "A=1\n\nORDERS_SECRET = old\nB=2");
  expect(await regenerate("gitlab-dotenv:ORDERS_SECRET?file=out.env")).toMatchObject({ code: 0 });
  expect(report("out.env")).toBe(`A=1\nB=2\nORDERS_SECRET=${one.sandbox.liveSecret(one.id)}\n`);
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
  const before = statSync(join(project, "build.env")).ino;
  expect(await regenerate("gitlab-dotenv:ORDERS_SECRET")).toMatchObject({ code: 0 });
  expect(report()).toBe(`A=1\nB=2\nORDERS_SECRET=${one.sandbox.liveSecret(one.id)}\n`);
  const { ino, mode } = statSync(join(project, "build.env"));
  // A file that is changed in place has moments in which it is broken.
  expect({ replaced: ino !== before, mode: mode & 0o777 }).toEqual({ replaced: true, mode: 0o640 });
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

test.each([
  ["elsewhere", "gitlab-dotenv:X", {}, "this is no job of GitLab CI/CD"],
  ["a file outside the project", "gitlab-dotenv:X?file=../x.env", undefined, "outside the project's folder"],
  ["an absolute file", "gitlab-dotenv:X?file=/tmp/x.env", undefined, "outside the project's folder"],
  ["a link that leads outside", "gitlab-dotenv:X?file=link/x.env", undefined, "outside the project's folder"],
  ["a folder that is not there", "gitlab-dotenv:X?file=none/x.env", undefined, "(ENOENT)"],
  ["a folder", "gitlab-dotenv:X?file=folder", undefined, "(EISDIR)"],
])(
  "regenerate ends with 6 for %s",
  async (_title, uri, environment: Record<string, string> | undefined, message) => {
    symlinkSync(one.folder, join(project, "link"));
    mkdirSync(join(project, "folder"));
    const result = await regenerate(uri, environment);
    expect(result).toMatchObject({ code: 6, stderr: expect.stringContaining(message) });
    expect(one.attempted()).toBe(0);
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
