import { Gitlab } from "@gitbeaker/rest";
import { parseStoreUri } from "../../../../scripts/stores/uri";
import { type GitlabFixture, openGitlab, PROJECT } from "../../../helpers/gitlab/gitlab-fixture";
import { oneClient } from "../../../helpers/one-client";
import type { ProgramResult } from "../../../helpers/program";
import { describeStore } from "../../../helpers/store-conformance";

const URI = `gitlab:${encodeURIComponent(PROJECT)}/ORDERS_SECRET`;

describeStore("gitlab:", () => openGitlab(URI), {
  read: "it holds the bare secret, which does not say whose it is",
  document: "it holds the bare secret",
});

describe("gitlab:", () => {
  let gitlab: GitlabFixture;
  const one = oneClient({
    environment: () => ({ ...gitlab.environment, GENESYS_SECRET_RETRY_TIMEOUT: "1" }),
    credentials: () => [gitlab.token],
  });

  afterEach(() => gitlab.close());

  const regenerate = (environment: Record<string, string> = {}, ...args: string[]): Promise<ProgramResult> =>
    one.regenerate(gitlab.uri, environment, ...args);

  test("a new variable is masked, protected and raw; the rehearsal made none", async () => {
    gitlab = await openGitlab(URI);
    expect(await regenerate()).toMatchObject({ code: 0 });
    expect(gitlab.variables.all()).toEqual([
      {
        key: "ORDERS_SECRET",
        value: one.sandbox.liveSecret(one.id),
        variable_type: "env_var",
        masked: true,
        protected: true,
        raw: true,
        hidden: false,
        environment_scope: "*",
        description: null,
      },
    ]);
  });

  test("takes the options: a scope of its own beside another, not protected, not raw", async () => {
    gitlab = await openGitlab(`${URI}?environment_scope=review/*&protected=false&raw=false`);
    gitlab.variables.create({ key: "ORDERS_SECRET", value: "another's", environment_scope: "*" });
    expect(await regenerate()).toMatchObject({ code: 0 });
    expect(await regenerate()).toMatchObject({ code: 0 });
    expect(gitlab.variables.all()).toMatchObject([
      { value: "another's", environment_scope: "*" },
      {
        value: one.sandbox.liveSecret(one.id),
        environment_scope: "review/*",
        masked: true,
        protected: false,
        raw: false,
      },
    ]);
  });

  test("writes a group's variable", async () => {
    gitlab = await openGitlab("gitlab:acme/ORDERS_SECRET?group=true");
    const variables = gitlab.server.add("groups", "acme");
    expect(await regenerate()).toMatchObject({ code: 0 });
    expect(variables.find("ORDERS_SECRET", null).value).toBe(one.sandbox.liveSecret(one.id));
  });

  test("a field other than the secret is not masked", async () => {
    gitlab = await openGitlab(`${URI}?field=region`);
    expect(await regenerate()).toMatchObject({ code: 0 });
    expect(gitlab.variables.all()).toMatchObject([{ value: "us-east-1", masked: false }]);
  });

  test.each([
    ["ends with 6 without a token", { GITLAB_TOKEN: "" }, 6, "GITLAB_TOKEN is not set."],
    [
      "ends with 6 with a job's token only",
      { GITLAB_TOKEN: "", CI_JOB_TOKEN: "glcbt-job" },
      6,
      "a job's own CI_JOB_TOKEN may not write variables",
    ],
    [
      "ends with 6 for plain http",
      { GITLAB_URL: "http://gitlab.example" },
      6,
      "plain http goes to this machine only",
    ],
    [
      "ends with 6 for plain http of the job's server",
      { GITLAB_URL: "", CI_SERVER_URL: "http://gitlab.example" },
      6,
      "CI_SERVER_URL is plain http",
    ],
  ])("a run of regenerate %s", async (_title, environment: Record<string, string>, code, message) => {
    gitlab = await openGitlab(URI);
    expect(await regenerate(environment)).toMatchObject({ code, stderr: expect.stringContaining(message) });
    expect(one.attempted()).toBe(0);
    expect(gitlab.server.journal).toEqual([]);
  });

  test("uses the job's own server when no other is named", async () => {
    gitlab = await openGitlab(URI);
    const there = { GITLAB_URL: "", CI_SERVER_URL: `${gitlab.server.gate.origin}/` };
    expect(await regenerate(there)).toMatchObject({ code: 0 });
  });

  test.each([
    ["?protected=no", 'protected must be "true" or "false"'],
    ["?group=1", 'group must be "true" or "false"'],
    ["?field=stores", "field must be one of"],
  ])("ends with 2 for the options %s", async (options, message) => {
    gitlab = await openGitlab(URI + options);
    expect(await regenerate()).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
    expect(one.sandbox.journal).toEqual([]);
  });
});

describe("the grammar", () => {
  test.each([
    ["gitlab:acme%2Fweb%2Fshop/KEY", ["acme/web/shop", "KEY"]],
    ["gitlab:4711/KEY?raw=false&group=true", ["4711", "KEY"]],
  ])("has the canonical form %s", (text, target) => {
    const uri = parseStoreUri(text);
    expect(uri.target).toEqual(target);
    expect(parseStoreUri(uri.text).text).toBe(uri.text);
  });

  test.each([
    ["acme/shop/KEY", "written %2F"],
    ["acme", "needs a project and a key"],
    ["acme%2/KEY", "percent-encoding is broken"],
    ["acme%2F%2E%2E%2Fx%3F/KEY", "no path or id"],
    ["acme%2F..%2Fx/KEY", "no path or id"],
    ["acme/A-B", "letters, digits and underscores"],
    ["acme/KEY?masked=false", "known are group, environment_scope, protected, raw, field"],
  ])("gitlab:%s is refused", (body, reason) => {
    expect(() => parseStoreUri(`gitlab:${body}`)).toThrow(reason);
  });
});

test("the server is true to a client library of GitLab's API", async () => {
  const { server, variables, token, close } = await openGitlab(URI);
  try {
    const gitlab = new Gitlab({ host: server.gate.origin, token });
    const projects = gitlab.ProjectVariables;
    const created = await projects.create(PROJECT, "JUDGED", "a-value-to-mask", {
      masked: true,
      protected: true,
      raw: true,
      environmentScope: "live",
    });
    expect(created).toMatchObject({ key: "JUDGED", masked: true, raw: true, environment_scope: "live" });
    await projects.create(PROJECT, "JUDGED", "another", { environmentScope: "test" });
    const live = { filter: { environment_scope: "live" } };
    const edited = await projects.edit(PROJECT, "JUDGED", "a-newer-value-to-mask", live);
    expect(edited).toMatchObject({ value: "a-newer-value-to-mask", environment_scope: "live" });
    expect(await projects.show(PROJECT, "JUDGED", live)).toMatchObject({ value: "a-newer-value-to-mask" });
    await expect(projects.show(PROJECT, "JUDGED")).rejects.toThrow("multiple variables");
    await expect(projects.show(PROJECT, "NONE")).rejects.toThrow("404 Variable Not Found");
    await expect(projects.show("acme/none", "NONE")).rejects.toThrow("404 Project Not Found");
    await expect(projects.create(PROJECT, "SHORT", "short", { masked: true })).rejects.toThrow(
      '"value":["is invalid"]',
    );
    await projects.remove(PROJECT, "JUDGED", { filter: { environment_scope: "test" } });
    expect(variables.all()).toHaveLength(1);

    server.add("groups", "acme");
    await gitlab.GroupVariables.create("acme", "JUDGED", "of-the-group");
    expect(await gitlab.GroupVariables.show("acme", "JUDGED")).toMatchObject({ value: "of-the-group" });
    server.setAccess(token, "read_api");
    await expect(projects.create(PROJECT, "MORE", "value")).rejects.toThrow();
    const nobody = new Gitlab({ host: server.gate.origin, token: "nobody" });
    await expect(nobody.ProjectVariables.show(PROJECT, "JUDGED")).rejects.toThrow("401 Unauthorized");
  } finally {
    await close();
  }
});
