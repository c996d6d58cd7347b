import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { parseStoreUri } from "../../../../scripts/stores/uri";
import {
  type GithubFixture,
  openGithub,
  REPOSITORY,
  REPOSITORY_SECRETS,
} from "../../../helpers/github/github-fixture";
import { oneClient } from "../../../helpers/one-client";
import type { ProgramResult } from "../../../helpers/program";
import { describeStore } from "../../../helpers/store-conformance";

const URI = `github-actions:${REPOSITORY}/ORDERS_SECRET`;
const ORGANIZATION_SECRETS = "/orgs/acme/actions/secrets";

describeStore("github-actions:", () => openGithub(URI), {
  read: "GitHub gives no secret back",
  document: "it holds the bare secret",
});

describe("github-actions:", () => {
  let github: GithubFixture;
  const one = oneClient({
    environment: () => ({ ...github.environment, GENESYS_SECRET_RETRY_TIMEOUT: "5" }),
    credentials: () => [github.token],
  });

  afterEach(() => github.close());

  const regenerate = (environment: Record<string, string> = {}, ...args: string[]): Promise<ProgramResult> =>
    one.regenerate(github.uri, environment, ...args);

  test("seals an environment's secret for the environment's own key", async () => {
    const place = `/repos/${REPOSITORY}/environments/live%2Feu/secrets`;
    github = await openGithub(`${URI}?environment=live%2Feu`, place);
    expect(await regenerate()).toMatchObject({ code: 0 });
    expect(one.accepts((await github.readSecret()) ?? "")).toBe(true);
    expect(github.server.box(REPOSITORY_SECRETS).get("ORDERS_SECRET")).toBeUndefined();
  });

  test("ends with 6 for an environment that is not there", async () => {
    github = await openGithub(`${URI}?environment=dev`);
    const result = await regenerate();
    expect(result).toMatchObject({ code: 6, stderr: expect.stringContaining('environment "dev"') });
    expect(result.stderr).toContain('"Environments: read and write"');
    expect(one.attempted()).toBe(0);
  });

  test("an organization's new secret is for the named repository only", async () => {
    github = await openGithub(`${URI}?organization=acme`, ORGANIZATION_SECRETS);
    expect(await regenerate()).toMatchObject({ code: 0 });
    expect(github.server.box(ORGANIZATION_SECRETS).get("ORDERS_SECRET")).toMatchObject({
      value: one.sandbox.liveSecret(one.id),
      visibility: "selected",
      repositories: [1000],
    });
  });

  test.each([
    ["all", [], []],
    ["private", [], []],
    ["selected", Array.from({ length: 150 }, (_, at) => at + 1), [1000]],
  ] as const)("an organization's secret visible to %s stays so", async (visibility, before, added) => {
    github = await openGithub(`${URI}?organization=ACME`, ORGANIZATION_SECRETS);
    const box = github.server.box(ORGANIZATION_SECRETS);
    box.seed("ORDERS_SECRET", { value: "old", visibility, repositories: before });
    expect(await regenerate()).toMatchObject({ code: 0 });
    const after = box.get("ORDERS_SECRET");
    expect(after).toMatchObject({ value: one.sandbox.liveSecret(one.id), visibility });
    expect(after?.repositories).toEqual([...before, ...added]);
  });

  test("a renamed repository is not followed, and the error says what to look at", async () => {
    github = await openGithub(URI);
    github.server.rename(REPOSITORY, "acme/store");
    const result = await regenerate();
    expect(result).toMatchObject({ code: 6, stderr: expect.stringContaining("redirects") });
    expect(result.stderr).toContain("was not renamed or moved");
    expect(one.attempted()).toBe(0);
    expect(github.server.journal.every((line) => line.startsWith("GET /repos/acme/shop/"))).toBe(true);
  });

  test("a key that GitHub changed meanwhile is asked for anew", async () => {
    github = await openGithub(URI);
    one.sandbox.onRequest(({ path }) => {
      if (path.endsWith("/secret")) github.server.box(REPOSITORY_SECRETS).rotateKey();
    });
    const result = await regenerate({ GENESYS_SECRET_RETRY_TIMEOUT: "120" });
    expect(result).toMatchObject({ code: 0, stderr: expect.stringContaining("trying again") });
    expect(await github.readSecret()).toBe(one.sandbox.liveSecret(one.id));
  });

  test("the rehearsal writes to a name that cannot be, and leaves nothing", async () => {
    github = await openGithub(URI);
    expect(await regenerate({}, "--dry-run")).toMatchObject({ code: 0 });
    expect(github.server.journal).toEqual([
      `GET ${REPOSITORY_SECRETS}/public-key 200`,
      `PUT ${REPOSITORY_SECRETS}/GITHUB_GENESYS_SECRET_PROBE 422`,
    ]);
  });

  test("stores a field other than the secret", async () => {
    github = await openGithub(`${URI}?field=client_id`);
    expect(await regenerate()).toMatchObject({ code: 0 });
    expect(await github.readSecret()).toBe(one.id);
  });

  test.each([
    ["ends with 6 without a token", { GH_TOKEN: "" }, 6, "GH_TOKEN or GITHUB_TOKEN is not set"],
    [
      "ends with 2 for two tokens",
      { GITHUB_TOKEN: "another" },
      2,
      "GH_TOKEN and GITHUB_TOKEN say different things",
    ],
    ["ends with 2 for a token that is words", { GH_TOKEN: "a b" }, 2, "GH_TOKEN contains a space"],
    [
      "ends with 6 for plain http",
      { GITHUB_API_URL: "http://github.example/api/v3" },
      6,
      "plain http goes to this machine only",
    ],
  ])("a run of regenerate %s", async (_title, environment, code, message) => {
    github = await openGithub(URI);
    expect(await regenerate(environment)).toMatchObject({ code, stderr: expect.stringContaining(message) });
    expect(one.attempted()).toBe(0);
    expect(github.server.journal).toEqual([]);
  });

  test.each([
    ["?environment=a&organization=acme", "exclude each other"],
    ["?organization=other", "must be the repository's owner, acme"],
    ["?environment=", "environment is empty"],
    ["?field=password", "field must be one of client_id, client_secret"],
  ])("ends with 2 for the options %s", async (options, message) => {
    github = await openGithub(URI + options);
    expect(await regenerate()).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
    expect(one.sandbox.journal).toEqual([]);
  });
});

describe("the grammar", () => {
  test.each([
    ["github-actions:acme/shop/orders_secret", "github-actions:acme/shop/ORDERS_SECRET"],
    [
      "github-actions:a_emu/.github/_X?environment=live/eu",
      "github-actions:a_emu/.github/_X?environment=live%2Feu",
    ],
  ])("has the canonical form %s", (text, canonical) => {
    expect(parseStoreUri(text).text).toBe(canonical);
    expect(parseStoreUri(canonical).text).toBe(canonical);
  });

  test.each([
    ["acme/NAME", "needs an owner, a repository and a name"],
    ["acme/shop/a/NAME", "needs an owner, a repository and a name"],
    ["-acme/shop/NAME", "the owner is no name"],
    ["acme/../NAME", "the repository is no name"],
    ["acme/sh%2Fop/NAME", "the repository is no name"],
    ["acme/shop/1NAME", "not start with a digit"],
    ["acme/shop/A-B", "letters, digits and underscores"],
    ["acme/shop/github_token", "GITHUB_ for itself"],
    ["acme/shop/NAME?org=acme", "known are environment, organization, field"],
  ])("github-actions:%s is refused", (body, reason) => {
    expect(() => parseStoreUri(`github-actions:${body}`)).toThrow(reason);
  });
});

test("the server is true to GitHub's own client", async () => {
  const { server, token, close } = await openGithub(URI);
  try {
    const judge = join(__dirname, "../../../helpers/github/judge.mjs");
    const args = [judge, server.gate.origin, token, "acme", "shop", "acme"];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args);
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toEqual({
      repository: { created: 201, updated: 204, name: "JUDGED" },
      environment: { created: 201, updated: 204, name: "JUDGED" },
      organization: { created: 201, updated: 204, name: "JUDGED", visibility: "selected" },
      selected: { total_count: 1, repositories: [{ id: 1000 }] },
      unsealed: expect.stringMatching(/^422 /),
      reserved: "422 Secret names must not start with GITHUB_.",
      missing: "404 Not Found",
      unknown: "401 Bad credentials",
    });
    expect(server.box(REPOSITORY_SECRETS).get("JUDGED")?.value).toBe("one");
    expect(server.box(`/repos/${REPOSITORY}/environments/live%2Feu/secrets`).get("JUDGED")?.value).toBe(
      "two",
    );
    expect(server.box(ORGANIZATION_SECRETS).get("JUDGED")?.value).toBe("three");
  } finally {
    await close();
  }
});
