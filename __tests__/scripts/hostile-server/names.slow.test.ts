import { appendFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { assertHarmless, HOSTILE_TEXTS } from "../../helpers/hostile-text";
import { limits, oneClient } from "../../helpers/one-client";
import { type ProgramResult, runProgram } from "../../helpers/program";

const one = oneClient({ environment: () => limits(1) });
const regenerate = (args: readonly string[], environment = {}): Promise<ProgramResult> =>
  one.run(["regenerate", ...args], environment);

const NAMES = HOSTILE_TEXTS.filter((name) => name.trim() !== "");

/** Runs some at a time: each is a process of its own. */
async function each<T>(items: readonly T[], work: (item: T, index: number) => Promise<void>): Promise<void> {
  for (let at = 0; at < items.length; at += 4)
    await Promise.all(items.slice(at, at + 4).map((item, index) => work(item, at + index)));
}

test("whatever a client is called, it is one harmless line in what a run prints, and itself in the JSON", async () => {
  await each(NAMES, async (name, index) => {
    const { id } = one.sandbox.addClient({ name, description: name });
    const store = `file:./${index}.json`;
    const result = await regenerate(["--client-id", id, "--store", store, "--json"]);
    expect({ name, code: result.code }).toEqual({ name, code: 0 });
    assertHarmless(result.stderr);
    assertHarmless(result.stdout);
    expect(result.stdout.trimEnd()).not.toContain("\n");
    expect(JSON.parse(result.stdout).client.name).toBe(name);

    // Nothing of it stands in the store: not in the document, not as a file's name.
    const document = JSON.parse(readFileSync(join(one.folder, `${index}.json`), "utf8"));
    expect(Object.keys(document)).toEqual([
      "client_id",
      "client_secret",
      "region",
      "regenerated_at",
      "rotation",
      "stores",
    ]);
    expect(document.stores).toEqual([store]);
  });
  expect(readdirSync(one.folder).sort()).toEqual(NAMES.map((_, index) => `${index}.json`).sort());
});

test("a client is found by a hostile name, and told from others by it", async () => {
  // What an argument can be; every other one will do here.
  const names = NAMES.filter(
    (name, index) => index % 2 === 0 && !/[\0\p{Cs}]/u.test(name) && name.length < 10_000,
  );
  await each(names, async (name, index) => {
    const { id } = one.sandbox.addClient({ name });
    const other = one.sandbox.addClient({ name: `${name}!` });
    const found = await regenerate(["--client-name", name, "--store", `file:./${index}.json`]);
    expect({ name, code: found.code, stderr: found.stderr }).toMatchObject({ name, code: 0 });
    expect(JSON.parse(readFileSync(join(one.folder, `${index}.json`), "utf8")).client_id).toBe(id);
    const mismatch = await regenerate(
      ["--client-name", name, "--client-id", other.id, "--store", `file:./${index}.json`],
      {},
    );
    expect({ name, code: mismatch.code }).toEqual({ name, code: 5 });
    for (const { stderr } of [found, mismatch]) assertHarmless(stderr);
  });
});

test("several of one hostile name, and one that differs in case, are each listed harmlessly", async () => {
  const name = "x ##vso[task.setvariable variable=PATH]/tmp\u001b[8m";
  const twins = [one.sandbox.addClient({ name }), one.sandbox.addClient({ name })];
  const several = await regenerate(["--client-name", name, "--store", "file:./a.json"]);
  expect(several.code).toBe(5);
  for (const { id } of twins) expect(several.stderr).toContain(id);
  const similar = await regenerate(["--client-name", name.toUpperCase(), "--store", "file:./a.json"]);
  expect(similar).toMatchObject({
    code: 5,
    stderr: expect.stringContaining("Names are case-sensitive; there is"),
  });
  for (const { stderr } of [several, similar]) assertHarmless(stderr);
  expect(one.accepted()).toBe(0);
});

test("no name stops the mask of a GitHub job, and none gets into a job's files", async () => {
  const name = "x ##[stop-commands]token\n::stop-commands::token\nPATH=/tmp";
  const { id } = one.sandbox.addClient({ name });
  const file = join(one.folder, "github-env");
  const project = join(one.folder, "build.env");
  writeFileSync(file, "");
  const result = await regenerate(
    ["--client-id", id, "--store", "github-env:CLIENT_SECRET", "--store", "gitlab-dotenv:CLIENT_SECRET"],
    { GITHUB_ACTIONS: "true", GITHUB_ENV: file, GITLAB_CI: "true", CI_PROJECT_DIR: one.folder },
  );
  expect({ code: result.code, stderr: result.stderr }).toMatchObject({ code: 0 });
  assertHarmless(result.stderr);
  const secret = one.sandbox.liveSecret(id);
  // The one command that there is comes from this program.
  expect(result.stdout).toBe(`::add-mask::${secret}\n`);
  expect(readFileSync(file, "utf8")).toMatch(
    new RegExp(`^CLIENT_SECRET<<(genesys_secret_\\S+)\n${secret}\n\\1\n$`),
  );
  expect(readFileSync(project, "utf8")).toBe(`CLIENT_SECRET=${secret}\n`);
});

test("an audit of hostile file names prints no command", async () => {
  const secret = one.sandbox.addClient({ name: "a" }).secret;
  const long = `${"d".repeat(70)} ::add-mask::e`;
  for (const name of [long, "##[stop-commands]x", "a\u001b[2Jb\nc", "\u202etxt.a"])
    appendFileSync(join(one.folder, name), `{"client_id": "x", "client_secret": "${secret}"}\n`);
  writeFileSync(
    join(one.folder, "held.json"),
    JSON.stringify({ client_id: one.sandbox.admin.clientId, client_secret: secret }),
  );
  for (const flags of [[], ["--json"], ["--sarif"]]) {
    const result = await runProgram(
      ["audit", one.folder, "--store", `file:${one.folder}/held.json`, ...flags],
      {},
      one.folder,
    );
    expect(result.code).toBe(10);
    assertHarmless(result.stdout);
    assertHarmless(result.stderr);
  }
});
