import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { readGithubServer } from "../../../../scripts/stores/github-actions/server";
import { parseStoreUri } from "../../../../scripts/stores/uri";
import {
  type CloudCertificate,
  CloudTunnel,
  cloudCertificate,
  missingOpenssl,
} from "../../../helpers/azure/cloud-tunnel";
import { describeUnlessMissing } from "../../../helpers/engines";
import {
  type GithubFixture,
  openGithub,
  REPOSITORY,
  REPOSITORY_SECRETS,
} from "../../../helpers/github/github-fixture";
import type { HttpGate } from "../../../helpers/http-gate";
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

  test("an organization's new secret is for the named repository only", async () => {
    github = await openGithub(`${URI}?organization=acme`, ORGANIZATION_SECRETS);
    expect(await regenerate()).toMatchObject({ code: 0 });
    expect(github.server.box(ORGANIZATION_SECRETS).get("ORDERS_SECRET")).toMatchObject({
      value: one.sandbox.liveSecret(one.id),
      visibility: "selected",
      repositories: [1000],
    });
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

  const CHECKS = [
    `GET ${REPOSITORY_SECRETS}/public-key 200`,
    `PUT ${REPOSITORY_SECRETS}/GITHUB_GENESYS_SECRET_PROBE 422`,
  ];

  test("a dry run writes to a name that cannot be, leaves nothing, and says what it did not try", async () => {
    github = await openGithub(URI);
    const result = await regenerate({}, "--dry-run");
    expect(result).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("the write itself (--rehearse"),
    });
    expect(result.stderr).toContain("where the secret is there already");
    expect(github.server.journal).toEqual(CHECKS);
  });

  test("a new secret is rehearsed under another name, which is gone before the call", async () => {
    github = await openGithub(URI);
    expect(await regenerate({}, "--dry-run", "--rehearse")).toMatchObject({ code: 0 });
    expect(github.server.journal).toEqual([
      ...CHECKS,
      `GET ${REPOSITORY_SECRETS}/ORDERS_SECRET 404`,
      `PUT ${REPOSITORY_SECRETS}/GENESYS_SECRET_REHEARSAL 201`,
      `DELETE ${REPOSITORY_SECRETS}/GENESYS_SECRET_REHEARSAL 204`,
    ]);
    expect(github.server.box(REPOSITORY_SECRETS).names).toEqual([]);
  });

  test("a secret that is there is not touched before the call", async () => {
    github = await openGithub(URI);
    github.server.box(REPOSITORY_SECRETS).seed("ORDERS_SECRET", { value: "old", repositories: [] });
    let seen: unknown;
    one.sandbox.onRequest(({ path }) => {
      if (path.endsWith("/secret")) seen = [...github.server.journal];
    });
    expect(await regenerate()).toMatchObject({ code: 0 });
    expect(seen).toEqual([...CHECKS, `GET ${REPOSITORY_SECRETS}/ORDERS_SECRET 200`]);
    expect(await github.readSecret()).toBe(one.sandbox.liveSecret(one.id));
  });

  test("stores a field other than the secret", async () => {
    github = await openGithub(`${URI}?field=client_id`);
    expect(await regenerate()).toMatchObject({ code: 0 });
    expect(await github.readSecret()).toBe(one.id);
  });

  test.each([
    ["ends with 6 without a token", { GH_TOKEN: "" }, 6, "GH_TOKEN or GITHUB_TOKEN is not set"],
    [
      "ends with 2 for two servers",
      { GH_HOST: "github.example.com" },
      2,
      "GITHUB_API_URL and GH_HOST say different things",
    ],
    [
      "ends with 6 for a server of GH_HOST's without a token of its own",
      { GITHUB_API_URL: "", GH_HOST: "github.example.com" },
      6,
      "GH_ENTERPRISE_TOKEN or GITHUB_ENTERPRISE_TOKEN is not set",
    ],
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

describeUnlessMissing(missingOpenssl, "github-actions: on an Enterprise Server", () => {
  const HOST = "github.example.com";
  let github: GithubFixture;
  let tunnel: CloudTunnel;
  let gate: HttpGate;
  let certificate: CloudCertificate;
  const one = oneClient({ credentials: () => [github.token, "of-github-com"] });

  beforeEach(async () => {
    github = await openGithub(URI);
    certificate = cloudCertificate([HOST], one.folder);
    gate = await github.server.serveTls(certificate);
    tunnel = await CloudTunnel.open((asked) => (asked === HOST ? gate : undefined));
  });

  afterEach(async () => {
    await tunnel.close();
    await gate.stop();
    await github.close();
  });

  const regenerate = (environment: Record<string, string>): Promise<ProgramResult> =>
    one.regenerate(URI, {
      HTTPS_PROXY: tunnel.origin,
      NO_PROXY: "127.0.0.1",
      NODE_EXTRA_CA_CERTS: certificate.file,
      GH_HOST: HOST,
      ...environment,
    });

  test("a secret goes where GH_HOST says, with the token that is meant for it", async () => {
    const tokens = { GH_TOKEN: "of-github-com", GH_ENTERPRISE_TOKEN: github.token };
    expect(await regenerate(tokens)).toMatchObject({ code: 0 });
    expect(await github.readSecret()).toBe(one.sandbox.liveSecret(one.id));
    expect(new Set(tunnel.asked)).toEqual(new Set([HOST]));
  });

  test("GH_TOKEN stays at home: the run ends with 6 and names the variable", async () => {
    one.expectNotReady(await regenerate({ GH_TOKEN: "of-github-com" }), "Set GH_ENTERPRISE_TOKEN to a token");
    expect(tunnel.asked).toEqual([]);
    expect(one.accepts(one.bornWith)).toBe(true);
  });
});

describe("the server and the token that is meant for it", () => {
  const [TOKEN, ENTERPRISE] = [{ GH_TOKEN: "for-github" }, { GH_ENTERPRISE_TOKEN: "for-the-enterprise" }];
  const both = { ...TOKEN, ...ENTERPRISE };

  test.each([
    ["github.com by default", both, "https://api.github.com", "for-github"],
    ["github.com by name", { ...both, GH_HOST: "GitHub.com" }, "https://api.github.com", "for-github"],
    ["a tenant of ghe.com", { ...both, GH_HOST: "acme.ghe.com" }, "https://api.acme.ghe.com", "for-github"],
    [
      "an Enterprise Server",
      { ...both, GH_HOST: "github.example.com" },
      "https://github.example.com/api/v3",
      "for-the-enterprise",
    ],
    [
      "an Enterprise Server that both variables name",
      { ...both, GH_HOST: "github.example.com", GITHUB_API_URL: "https://github.example.com/api/v3/" },
      "https://github.example.com/api/v3",
      "for-the-enterprise",
    ],
    [
      "an Enterprise Server, by its job's own variables",
      { GITHUB_TOKEN: "of-the-job", GITHUB_API_URL: "https://github.example.com/api/v3" },
      "https://github.example.com/api/v3",
      "of-the-job",
    ],
    [
      "an Enterprise Server, its other variable",
      { GITHUB_ENTERPRISE_TOKEN: "the-other", GH_HOST: "github.example.com" },
      "https://github.example.com/api/v3",
      "the-other",
    ],
    [
      "a host that only ends like github.com, which gets no token of github.com",
      { ...TOKEN, GH_HOST: "evilgithub.com" },
      "https://evilgithub.com/api/v3",
      undefined,
    ],
    [
      "a host that only begins like a tenant, which gets no token of github.com",
      { ...TOKEN, GH_HOST: "acme.ghe.com.example" },
      "https://acme.ghe.com.example/api/v3",
      undefined,
    ],
    ["github.com, which gets no token of an enterprise", ENTERPRISE, "https://api.github.com", undefined],
  ])("are found where the variables say: %s", (_title, environment, address, token) => {
    const server = readGithubServer(environment);
    expect(server.address).toBe(address);
    expect(server.token?.reveal()).toBe(token);
  });

  test.each([
    ["no host", { GH_HOST: "https://github.example.com" }, "GH_HOST is not the name of a host"],
    [
      "two tokens for one server",
      { GH_HOST: "github.example.com", ...ENTERPRISE, GITHUB_ENTERPRISE_TOKEN: "another" },
      "GH_ENTERPRISE_TOKEN and GITHUB_ENTERPRISE_TOKEN say different things",
    ],
  ])("%s is a usage error", (_title, environment, message) => {
    expect(() => readGithubServer(environment)).toThrow(message);
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
