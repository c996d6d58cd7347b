import {
  type GithubFixture,
  openGithub,
  REPOSITORY,
  REPOSITORY_SECRETS,
} from "../../../helpers/github/github-fixture";
import { limits, oneClient } from "../../../helpers/one-client";
import type { ProgramResult } from "../../../helpers/program";
import { keptAttribute } from "../../../helpers/store-rows";

const URI = `github-actions:${REPOSITORY}/ORDERS_SECRET`;
const ORGANIZATION_SECRETS = "/orgs/acme/actions/secrets";
const OLD = { value: "old", visibility: "all", repositories: [] } as const;

let github: GithubFixture;
const one = oneClient({
  environment: () => ({ ...github.environment, ...limits(1) }),
  credentials: () => [github.token],
});

afterEach(() => github.close());

const regenerate = (environment: Record<string, string> = {}): Promise<ProgramResult> =>
  one.regenerate(github.uri, environment);

for (const [visibility, before, added] of [
  ["all", [], []],
  ["private", [], []],
  ["selected", Array.from({ length: 150 }, (_, at) => at + 1), [1000]],
] as const)
  keptAttribute("github-actions", `an organization's secret visible to: ${visibility}`, async () => {
    github = await openGithub(`${URI}?organization=ACME`, ORGANIZATION_SECRETS);
    const box = github.server.box(ORGANIZATION_SECRETS);
    box.seed("ORDERS_SECRET", { value: "old", visibility, repositories: before });
    expect(await regenerate()).toMatchObject({ code: 0 });
    const after = box.get("ORDERS_SECRET");
    expect(after).toMatchObject({ value: one.sandbox.liveSecret(one.id), visibility });
    expect(after?.repositories).toEqual([...before, ...added]);
  });

keptAttribute("github-actions", "secrets of that name of the environment and the organization", async () => {
  github = await openGithub(URI);
  github.server.box(REPOSITORY_SECRETS).seed("ORDERS_SECRET", OLD);
  const others = [`/repos/${REPOSITORY}/environments/live%2Feu/secrets`, ORGANIZATION_SECRETS];
  for (const place of others) github.server.box(place).seed("ORDERS_SECRET", OLD);
  expect(await regenerate()).toMatchObject({ code: 0 });
  for (const place of others) expect(github.server.box(place).get("ORDERS_SECRET")).toEqual(OLD);
});

keptAttribute("github-actions", "other secrets beside it", async () => {
  github = await openGithub(URI);
  github.server.box(REPOSITORY_SECRETS).seed("OTHER", OLD);
  for (let run = 0; run < 2; run += 1) expect(await regenerate()).toMatchObject({ code: 0 });
  expect(github.server.box(REPOSITORY_SECRETS).get("OTHER")).toEqual(OLD);
  expect(github.server.box(REPOSITORY_SECRETS).names).toEqual(["OTHER", "ORDERS_SECRET"]);
});
