import { type GitlabFixture, openGitlab, PROJECT } from "../../../helpers/gitlab/gitlab-fixture";
import { forwardTo, HttpGate } from "../../../helpers/http-gate";
import { limits, oneClient } from "../../../helpers/one-client";
import type { ProgramResult } from "../../../helpers/program";
import { type Outcome, refusedWrite } from "../../../helpers/store-rows";

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
async function expectRefused(running: Promise<ProgramResult>, ...words: string[]): Promise<Outcome> {
  const before = JSON.stringify(gitlab.variables.all());
  const result = await running;
  one.expectNotReady(result, ...words);
  expect(one.accepts(one.bornWith)).toBe(true);
  expect(JSON.stringify(gitlab.variables.all())).toBe(before);
  return one.outcome(result);
}

const BOTH = ["exists", "new"] as const;

/** Somebody else's variable, where the place exists. */
function seed(place: (typeof BOTH)[number]): void {
  if (place === "exists") gitlab.variables.create({ ...KEY, value: "an-old-value", masked: true });
}

describe("a hidden variable, which GitLab keeps masked", () => {
  const hidden = { ...KEY, value: "the-old-id", masked_and_hidden: true };
  const field = "a hidden variable, and a field that needs no mask (field=client_id)";

  refusedWrite({ store: "gitlab", condition: field, place: "exists", exit: 0, calls: 1 }, async () => {
    gitlab.variables.create(hidden);
    const result = await regenerate("?field=client_id");
    expect(gitlab.variables.all()).toMatchObject([{ value: one.id, hidden: true, masked: true }]);
    return one.outcome(result);
  });

  refusedWrite({ store: "gitlab", condition: `${field}, of another environment`, place: "new" }, () => {
    gitlab.variables.create({ ...hidden, environment_scope: "production" });
    return expectRefused(regenerate("?field=client_id"), '"production" only');
  });

  refusedWrite(
    {
      store: "gitlab",
      condition: `${field}, of another environment, and one for all asked for`,
      place: "new",
      exit: 0,
      calls: 1,
    },
    async () => {
      gitlab.variables.create({ ...hidden, environment_scope: "production" });
      const result = await regenerate("?field=client_id&environment_scope=*");
      expect(gitlab.variables.all()).toMatchObject([
        { value: "the-old-id", hidden: true },
        { value: one.id, hidden: false, masked: false, environment_scope: "*" },
      ]);
      return one.outcome(result);
    },
  );

  refusedWrite(
    {
      store: "gitlab",
      condition: "a masked variable that cannot hide what is to be written",
      place: "exists",
    },
    () => {
      gitlab.variables.create(hidden);
      return expectRefused(
        regenerate("?field=rotation", {}, "--rotation", "7"),
        "cannot mask what will be written",
      );
    },
  );
});

describe("a GitLab that lets nothing be written", () => {
  for (const place of BOTH) {
    for (const [condition, access, words] of [
      ["a token that may only read (read_api)", "read_api", "the token may not write its variables"],
      ["a role that is too low (Developer)", "developer", "the scope api and the role Maintainer"],
    ] as const)
      refusedWrite({ store: "gitlab", condition, place }, () => {
        seed(place);
        gitlab.server.setAccess(gitlab.token, access);
        return expectRefused(regenerate(), words);
      });

    for (const [condition, status, body, words] of [
      [
        "a GitLab that is read-only (maintenance mode, Geo)",
        403,
        { message: "You cannot perform write operations on a read-only instance" },
        "on a read-only instance",
      ],
      ["a GitLab whose database takes no writes (500)", 500, { message: "500 Internal Server Error" }, "500"],
    ] as const)
      refusedWrite({ store: "gitlab", condition, place }, async () => {
        seed(place);
        const through = forwardTo(new URL(gitlab.server.gate.origin));
        const front = await HttpGate.open((request, response) => {
          if (request.method === "GET") return through(request, response);
          request.resume();
          response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
        });
        try {
          return await expectRefused(regenerate("", { GITLAB_URL: front.origin }), words);
        } finally {
          await front.stop();
        }
      });
  }

  refusedWrite(
    { store: "gitlab", condition: "a setting that GitLab does not let be changed", place: "exists" },
    () => {
      gitlab.variables.create({ ...KEY, value: "an-old-value" });
      gitlab.variables.refuses = { protected: ["is set by the group"] };
      return expectRefused(regenerate("?protected=true"), "GitLab refuses its protected (400)");
    },
  );

  refusedWrite(
    { store: "gitlab", condition: "a GitLab that cannot mask a value of a secret's shape", place: "new" },
    () => {
      gitlab.variables.maskable = /^[a-z]{8,}$/;
      return expectRefused(regenerate(), "value: is invalid");
    },
  );

  const FULL = "a project without room for another variable";
  refusedWrite({ store: "gitlab", condition: FULL, place: "new" }, () => {
    gitlab.variables.limit = 0;
    return expectRefused(regenerate(), "Maximum number");
  });

  refusedWrite({ store: "gitlab", condition: FULL, place: "exists", exit: 0, calls: 1 }, async () => {
    gitlab.variables.limit = 1;
    seed("exists");
    return one.outcome(await regenerate());
  });

  refusedWrite({ store: "gitlab", condition: "a project that is not there", place: "new" }, async () => {
    const result = await one.regenerate("gitlab:acme%2Fnone/ORDERS_SECRET");
    one.expectNotReady(result, "404 Project Not Found");
    expect(one.accepts(one.bornWith)).toBe(true);
    return one.outcome(result);
  });
});

describe("a secret that no variable can hold masked", () => {
  for (const place of BOTH)
    refusedWrite(
      {
        store: "gitlab",
        condition: "a new secret with a character that GitLab cannot mask where it expands $NAME",
        place,
        exit: 8,
        calls: 1,
      },
      async () => {
        seed(place);
        one.sandbox.fault({
          path: `/api/v2/oauth/clients/${one.id}/secret`,
          body: { id: one.id, secret: "a-new-secret-with-$-in-it" },
        });
        const result = await regenerate("?raw=false");
        expect(result.stderr).toMatch(/cannot mask|refuses its value/);
        const outcome = one.outcome(result);
        expect(await regenerate("?raw=false")).toMatchObject({ code: 0 });
        return outcome;
      },
    );
});

describe("a variable of that key for other environments only", () => {
  for (const [which, scopes, words] of [
    ["another environment", ["production"], ['"production" only', "environment_scope=production"]],
    [
      "several other environments",
      ["production", "review/*"],
      ["several environments", "with the option environment_scope;"],
    ],
  ] as const)
    refusedWrite(
      { store: "gitlab", condition: `a variable of that key for ${which}`, place: "new" },
      async () => {
        for (const environment_scope of scopes)
          gitlab.variables.create({ ...KEY, value: "an-old-value", environment_scope });
        await expectRefused(regenerate("", {}, "--dry-run"), ...words);
        return expectRefused(regenerate(), ...words);
      },
    );
});
