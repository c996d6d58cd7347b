import {
  type GithubFixture,
  openGithub,
  REPOSITORY,
  REPOSITORY_SECRETS,
} from "../../../helpers/github/github-fixture";
import { forwardTo, HttpGate } from "../../../helpers/http-gate";
import { limits, oneClient } from "../../../helpers/one-client";
import type { ProgramResult } from "../../../helpers/program";
import { type Outcome, refusedWrite } from "../../../helpers/store-rows";

const URI = `github-actions:${REPOSITORY}/ORDERS_SECRET`;
const ORGANIZATION_SECRETS = "/orgs/acme/actions/secrets";

let github: GithubFixture;
const one = oneClient({
  environment: () => ({ ...github.environment, ...limits(1) }),
  credentials: () => [github.token],
});

afterEach(() => github.close());

const regenerate = (environment: Record<string, string> = {}): Promise<ProgramResult> =>
  one.regenerate(github.uri, environment);

/** Refused with 6 in these words: the old secret logs in. */
async function refused(running: Promise<ProgramResult>, ...words: string[]): Promise<Outcome> {
  const result = await running;
  one.expectNotReady(result, ...words);
  expect(one.accepts(one.bornWith)).toBe(true);
  return one.outcome(result);
}

const BOTH = ["exists", "new"] as const;
const OLD = { value: "old", visibility: "all", repositories: [] } as const;

/** Opens it with somebody else's secret of that name, where the place exists. */
async function open(place: (typeof BOTH)[number], options = "", at = REPOSITORY_SECRETS): Promise<void> {
  github = await openGithub(URI + options, at);
  if (place === "exists") github.server.box(at).seed("ORDERS_SECRET", OLD);
}

/** In front of GitHub: answers writes of such names in its place. */
async function writesAnswered<T>(
  names: RegExp,
  [status, message, headers]: readonly [number, string, Record<string, string>?],
  work: (environment: Record<string, string>) => Promise<T>,
): Promise<T> {
  const through = forwardTo(new URL(github.server.gate.origin));
  const front = await HttpGate.open((request, response) => {
    if (request.method !== "PUT" || !names.test(request.url ?? "")) return through(request, response);
    request.resume();
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify({ message }));
  });
  try {
    return await work({ GITHUB_API_URL: front.origin });
  } finally {
    await front.stop();
  }
}

refusedWrite(
  { store: "github-actions", condition: "an environment that is not there", place: "new" },
  async () => {
    github = await openGithub(`${URI}?environment=dev`);
    return refused(regenerate(), 'environment "dev"', '"Environments: read and write"');
  },
);

for (const place of BOTH) {
  // Not followed, and the error says what to look at.
  refusedWrite({ store: "github-actions", condition: "a repository that was renamed", place }, async () => {
    await open(place);
    github.server.rename(REPOSITORY, "acme/store");
    const outcome = await refused(regenerate(), "redirects", "was not renamed or moved");
    expect(github.server.journal.every((line) => line.startsWith("GET /repos/acme/shop/"))).toBe(true);
    return outcome;
  });

  refusedWrite({ store: "github-actions", condition: "a token that may only read", place }, async () => {
    await open(place);
    github.server.setAccess(github.token, "read");
    return refused(regenerate(), "may not write its secrets", "Secrets: read and write");
  });

  for (const [condition, answer, words] of [
    [
      "a repository that is archived",
      [403, "Repository was archived so is read-only."],
      "Repository was archived",
    ],
    ["a GitHub that takes no writes for good (503)", [503, "Service unavailable"], "503"],
    [
      "a rate limit that lasts",
      [403, "You have exceeded a secondary rate limit", { "retry-after": "3600" }],
      "GitHub limits the rate (403)",
    ],
  ] as const)
    refusedWrite({ store: "github-actions", condition, place }, async () => {
      await open(place);
      return writesAnswered(/./, answer, (there) => refused(regenerate(there), words));
    });
}

refusedWrite(
  {
    store: "github-actions",
    condition: "a write of this secret alone that GitHub refuses",
    place: "exists",
    exit: 8,
    calls: 1,
  },
  async () => {
    await open("exists");
    const short = { GENESYS_SECRET_RETRY_TIMEOUT: "1" };
    const outcome = await writesAnswered(/ORDERS_SECRET/, [403, "Refused"], async (there) =>
      one.outcome(await regenerate({ ...there, ...short })),
    );
    expect(outcome.stderr).toContain("GitHub answered 403");
    expect(await regenerate()).toMatchObject({ code: 0 });
    expect(await github.readSecret()).toBe(one.sandbox.liveSecret(one.id));
    return outcome;
  },
);

for (const [title, options, at] of [
  ["a repository", "", REPOSITORY_SECRETS],
  ["an environment", "?environment=live%2Feu", `/repos/${REPOSITORY}/environments/live%2Feu/secrets`],
  ["an organization", "?organization=acme", ORGANIZATION_SECRETS],
] as const) {
  const condition = `${title} that is full of secrets`;

  refusedWrite({ store: "github-actions", condition, place: "new" }, async () => {
    await open("new", options, at);
    github.server.box(at).fill();
    const words = ["takes no new secret", "422", "Delete a secret that nobody uses"];
    const outcome = await refused(regenerate(), ...words);
    expect(github.server.box(at).names).not.toContain("GENESYS_SECRET_REHEARSAL");
    return outcome;
  });

  // It is made anew, and makes room when it is gone.
  refusedWrite(
    {
      store: "github-actions",
      condition: `${condition}, one of them left by a killed run's rehearsal`,
      place: "new",
      exit: 0,
      calls: 1,
    },
    async () => {
      await open("new", options, at);
      github.server.box(at).seed("GENESYS_SECRET_REHEARSAL", OLD);
      github.server.box(at).fill();
      const result = await regenerate();
      expect(github.server.box(at).names).not.toContain("GENESYS_SECRET_REHEARSAL");
      return one.outcome(result);
    },
  );

  refusedWrite({ store: "github-actions", condition, place: "exists", exit: 0, calls: 1 }, async () => {
    await open("exists", options, at);
    github.server.box(at).fill();
    const result = await regenerate();
    expect(await github.readSecret()).toBe(one.sandbox.liveSecret(one.id));
    return one.outcome(result);
  });
}
