import { type GitlabFixture, openGitlab, PROJECT } from "../../../helpers/gitlab/gitlab-fixture";
import type { GitlabVariable } from "../../../helpers/gitlab/variable-set";
import { limits, oneClient } from "../../../helpers/one-client";
import type { ProgramResult } from "../../../helpers/program";
import { keptAttribute } from "../../../helpers/store-rows";

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

  for (const [attribute, given, names] of [
    ["the type: a file", theirs, ["variable_type"]],
    ["the protection: for unprotected branches, too", theirs, ["protected"]],
    ["the expansion of $NAME within the value", theirs, ["raw"]],
    ["the mask", theirs, ["masked"]],
    ["the description", theirs, ["description"]],
    ["that it is hidden", { ...KEY, masked_and_hidden: true }, ["hidden", "masked"]],
    ["that it is for all environments", theirs, ["environment_scope"]],
  ] as const)
    keptAttribute("gitlab", attribute, async () => {
      gitlab.variables.create({ ...given, value: "an-old-value" });
      const shown = (): unknown => {
        const [variable] = gitlab.variables.all();
        return names.map((name: keyof GitlabVariable) => variable?.[name]);
      };
      const before = shown();
      for (let run = 0; run < 2; run += 1) expect(await regenerate()).toMatchObject({ code: 0 });
      expect(shown()).toEqual(before);
      expect(gitlab.variables.all()).toMatchObject([{ value: one.sandbox.liveSecret(one.id) }]);
    });

  test("a setting that the URI names is changed, and no other", async () => {
    gitlab.variables.create({ ...theirs, value: "an-old-value" });
    expect(await regenerate("?protected=true")).toMatchObject({ code: 0 });
    expect(gitlab.variables.all()).toMatchObject([{ ...theirs, protected: true }]);
  });

  keptAttribute("gitlab", "that it is not masked, with a warning", async () => {
    gitlab.variables.create({ ...KEY, value: "an-old-value" });
    expect(await regenerate()).toMatchObject({ code: 0, stderr: expect.stringContaining("is not masked") });
    expect(gitlab.variables.all()).toMatchObject([{ masked: false, value: one.sandbox.liveSecret(one.id) }]);
  });

  keptAttribute("gitlab", "a variable of that key for another environment", async () => {
    gitlab.variables.create({ ...KEY, value: "an-old-value", environment_scope: "production" });
    expect(await regenerate("?environment_scope=*")).toMatchObject({ code: 0 });
    expect(gitlab.variables.all()).toMatchObject([
      { value: "an-old-value", environment_scope: "production" },
      { value: one.sandbox.liveSecret(one.id), environment_scope: "*" },
    ]);
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
});

describe("the variables of glab", () => {
  test.each(["GITLAB_HOST", "GITLAB_URI", "GL_HOST"])("%s names the server", async (name) => {
    const environment = { GITLAB_URL: "", [name]: gitlab.server.gate.origin };
    expect(await regenerate("", environment)).toMatchObject({ code: 0 });
  });

  test("GITLAB_HOST may be a host alone, and is not gitlab.com then", async () => {
    const environment = { GITLAB_URL: "", GITLAB_HOST: "gitlab.invalid:8443" };
    one.expectNotReady(await regenerate("", environment), "cannot be reached");
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
