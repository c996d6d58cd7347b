import { openGithub, REPOSITORY_SECRETS } from "../../helpers/github/github-fixture";
import { openGitlab } from "../../helpers/gitlab/gitlab-fixture";
import { Gate } from "../gate";
import type { TortureStore } from "./torture-store";

const PROBE = "GITHUB_GENESYS_SECRET_PROBE";
const SCRATCH = "GENESYS_SECRET_REHEARSAL";
const OTHERS = "THEIR_SECRET";

/** `github-actions:`, a secret of a repository. */
export async function githubStore(): Promise<TortureStore> {
  const github = await openGithub("github-actions:acme/shop/ORDERS_SECRET");
  const gate = await Gate.open(github.server.gate.origin);
  return {
    kind: "github-actions",
    uri: github.uri,
    readable: false,
    environment: { ...github.environment, GITHUB_API_URL: gate.origin },
    credentials: github.storeCredentials,
    gate,
    holds: () => github.readSecret() as string | undefined,
    residue: () =>
      [PROBE, SCRATCH].filter((name) => github.server.box(REPOSITORY_SECRETS).get(name) !== undefined),
    isWrite: ({ method, path }) => method === "PUT" && path.endsWith("/ORDERS_SECRET"),
    seedOthers: () =>
      github.server.box(REPOSITORY_SECRETS).seed(OTHERS, { value: "theirs", repositories: [] }),
    others: () => String(github.server.box(REPOSITORY_SECRETS).get(OTHERS)?.value),
    deny: () => github.server.setAccess(github.token, "read"),
    allow: () => github.server.setAccess(github.token, "write"),
    close: async () => {
      await gate.close();
      await github.close();
    },
  };
}

const THEIR_SETTINGS = {
  variable_type: "file",
  protected: true,
  raw: true,
  masked: true,
  description: "of the web team",
};

/** `gitlab:`, a variable of a project. */
export async function gitlabStore(): Promise<TortureStore> {
  const gitlab = await openGitlab("gitlab:acme%2Fweb%2Fshop/ORDERS_SECRET");
  const gate = await Gate.open(gitlab.server.gate.origin);
  return {
    kind: "gitlab",
    uri: gitlab.uri,
    readable: false,
    environment: { ...gitlab.environment, GITLAB_URL: gate.origin },
    credentials: gitlab.storeCredentials,
    gate,
    holds: () => gitlab.readSecret() as string | undefined,
    residue: () =>
      gitlab.variables.all().flatMap(({ key }) => (key === "ORDERS_SECRET" || key === OTHERS ? [] : [key])),
    isWrite: ({ method, body }, secret) => method !== "GET" && body.includes(secret),
    seedOthers: () => {
      gitlab.variables.create({ ...THEIR_SETTINGS, key: "ORDERS_SECRET", value: "an-old-value" });
      gitlab.variables.create({ key: OTHERS, value: "theirs" });
    },
    others: () =>
      JSON.stringify(
        gitlab.variables.all().map(({ value, ...settings }) => ({
          ...settings,
          ...(settings.key === OTHERS && { value }),
        })),
      ),
    deny: () => gitlab.server.setAccess(gitlab.token, "read_api"),
    allow: () => gitlab.server.setAccess(gitlab.token, "api"),
    close: async () => {
      await gate.close();
      await gitlab.close();
    },
  };
}
