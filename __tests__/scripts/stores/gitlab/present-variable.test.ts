import { type GitlabFixture, openGitlab, PROJECT } from "../../../helpers/gitlab/gitlab-fixture";
import { limits, oneClient } from "../../../helpers/one-client";
import type { ProgramResult } from "../../../helpers/program";

const URI = `gitlab:${encodeURIComponent(PROJECT)}/ORDERS_SECRET`;
const KEY = { key: "ORDERS_SECRET" };

let gitlab: GitlabFixture;
const one = oneClient({
  environment: () => ({ ...gitlab.environment, ...limits(1) }),
  credentials: () => [gitlab.token],
});

beforeEach(async () => {
  gitlab = await openGitlab(URI);
});

afterEach(() => gitlab.close());

const regenerate = (
  options = "",
  environment: Record<string, string> = {},
  ...args: string[]
): Promise<ProgramResult> => one.regenerate(URI + options, environment, ...args);

/** Refused with 6: no call was made, the old secret logs in, and the variables are what they were. */
async function expectRefused(result: Promise<ProgramResult>, ...words: string[]): Promise<void> {
  const before = JSON.stringify(gitlab.variables.all());
  one.expectNotReady(await result, ...words);
  expect(one.accepts(one.bornWith)).toBe(true);
  expect(JSON.stringify(gitlab.variables.all())).toBe(before);
}

const writes = (): string[] => gitlab.server.journal.filter((line) => !line.startsWith("GET"));

describe("of a variable that is there", () => {
  const theirs = {
    ...KEY,
    variable_type: "file",
    protected: false,
    raw: false,
    masked: true,
    description: "of the web team",
  };

  test("type, protection, expansion, mask and description are kept", async () => {
    gitlab.variables.create({ ...theirs, value: "an-old-value" });
    expect(await regenerate()).toMatchObject({ code: 0 });
    expect(gitlab.variables.all()).toEqual([
      { ...theirs, value: one.sandbox.liveSecret(one.id), hidden: false, environment_scope: "*" },
    ]);
  });

  test("a setting that the URI names is changed, and no other", async () => {
    gitlab.variables.create({ ...theirs, value: "an-old-value" });
    expect(await regenerate("?protected=true")).toMatchObject({ code: 0 });
    expect(gitlab.variables.all()).toMatchObject([{ ...theirs, protected: true }]);
  });

  test("one that is not masked stays so, with a warning", async () => {
    gitlab.variables.create({ ...KEY, value: "an-old-value" });
    expect(await regenerate()).toMatchObject({ code: 0, stderr: expect.stringContaining("is not masked") });
    expect(gitlab.variables.all()).toMatchObject([{ masked: false, value: one.sandbox.liveSecret(one.id) }]);
  });

  test("a hidden one takes a field that needs no mask, and stays hidden", async () => {
    gitlab.variables.create({ ...KEY, value: "the-old-id", masked_and_hidden: true });
    expect(await regenerate("?field=client_id")).toMatchObject({ code: 0 });
    expect(gitlab.variables.all()).toMatchObject([{ value: one.id, hidden: true, masked: true }]);
  });

  test("a masked one that cannot hide what is to be written ends a run with 6", async () => {
    gitlab.variables.create({ ...KEY, value: "the-old-id", masked_and_hidden: true });
    await expectRefused(
      regenerate("?field=rotation", {}, "--rotation", "7"),
      "cannot mask what will be written",
    );
  });
});

describe("the rehearsal", () => {
  test("of a variable that is there writes its own value, by the call that writes the new one", async () => {
    gitlab.variables.create({ ...KEY, value: "an-old-value", masked: true });
    expect(await regenerate("", {}, "--dry-run", "--rehearse")).toMatchObject({ code: 0 });
    expect(gitlab.variables.all()).toMatchObject([{ value: "an-old-value", masked: true }]);
    const [rehearsal, ...others] = writes();
    expect(others).toEqual([]);
    expect(await regenerate()).toMatchObject({ code: 0 });
    expect(writes()).toEqual([rehearsal, rehearsal, rehearsal]);
  });

  test("of a hidden one writes no value", async () => {
    gitlab.variables.create({ ...KEY, value: "an-old-value", masked_and_hidden: true });
    expect(await regenerate("", {}, "--dry-run", "--rehearse")).toMatchObject({ code: 0 });
    expect(gitlab.variables.all()).toMatchObject([{ value: "an-old-value", hidden: true }]);
  });

  test("is made only when a run will write, or when it is asked for", async () => {
    gitlab.variables.create({ ...KEY, value: "an-old-value", masked: true });
    expect(await regenerate("", {}, "--dry-run")).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("--rehearse tries it"),
    });
    expect(writes()).toEqual([]);
  });

  test.each([
    ["new", false],
    ["there", true],
  ])("finds out that a token may only read, for a variable that is %s", async (_what, exists) => {
    if (exists) gitlab.variables.create({ ...KEY, value: "an-old-value", masked: true });
    gitlab.server.setAccess(gitlab.token, "read_api");
    await expectRefused(regenerate(), "the token may not write its variables");
  });

  test("finds out that GitLab refuses the settings asked for", async () => {
    gitlab.variables.create({ ...KEY, value: "an-old-value" });
    gitlab.variables.refuses = { protected: ["is set by the group"] };
    await expectRefused(regenerate("?protected=true"), "GitLab refuses its protected (400)");
  });
});

describe("a variable of that key for other environments only", () => {
  test.each([
    ["one", ["production"], '"production" only', "environment_scope=production"],
    ["several", ["production", "review/*"], "several environments", "with the option environment_scope;"],
  ])("%s: ends a run with 6, dry or not, and names the option", async (_what, scopes, ...words) => {
    for (const environment_scope of scopes)
      gitlab.variables.create({ ...KEY, value: "an-old-value", environment_scope });
    await expectRefused(regenerate(), ...words);
    await expectRefused(regenerate("", {}, "--dry-run"), ...words);
  });

  test("is left alone when the URI asks for one of its own for all", async () => {
    gitlab.variables.create({ ...KEY, value: "an-old-value", environment_scope: "production" });
    expect(await regenerate("?environment_scope=*")).toMatchObject({ code: 0 });
    expect(gitlab.variables.all()).toMatchObject([
      { value: "an-old-value", environment_scope: "production" },
      { value: one.sandbox.liveSecret(one.id), environment_scope: "*" },
    ]);
  });
});

describe("the variables of glab", () => {
  test.each(["GITLAB_HOST", "GITLAB_URI", "GL_HOST"])("%s names the server", async (name) => {
    const environment = { GITLAB_URL: "", [name]: gitlab.server.gate.origin };
    expect(await regenerate("", environment)).toMatchObject({ code: 0 });
  });

  test("GITLAB_HOST may be a host alone, and is not gitlab.com then", async () => {
    const environment = { GITLAB_URL: "", GITLAB_HOST: "gitlab.invalid:8443" };
    await expectRefused(regenerate("", environment), "cannot be reached");
    expect(gitlab.server.journal).toEqual([]);
  });

  test("GITLAB_ACCESS_TOKEN is the token", async () => {
    const environment = { GITLAB_TOKEN: "", GITLAB_ACCESS_TOKEN: gitlab.token };
    expect(await regenerate("", environment)).toMatchObject({ code: 0 });
  });

  test("that agree are taken, and win over the job's own server", async () => {
    const { origin } = gitlab.server.gate;
    const environment = { GITLAB_HOST: `${origin}/`, CI_SERVER_URL: "https://gitlab.invalid" };
    expect(await regenerate("", environment)).toMatchObject({ code: 0 });
  });

  test.each([
    ["GITLAB_HOST", "https://gitlab.invalid"],
    ["GITLAB_ACCESS_TOKEN", "glpat-another"],
  ])("%s that says something else ends a run with 2, and no request is sent", async (name, value) => {
    const result = await regenerate("", { [name]: value });
    expect(result).toMatchObject({ code: 2, stderr: expect.stringContaining(name) });
    expect(result.stderr).toContain("say different things");
    expect(result.stderr).not.toContain(value);
    expect(gitlab.server.journal).toEqual([]);
    expect(one.attempted()).toBe(0);
  });
});
