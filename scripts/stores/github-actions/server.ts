import { agreeing, type Environment, variable } from "../../core/environment";
import { UsageError } from "../../core/errors";
import { TOKEN } from "../../core/patterns";
import { Secret } from "../../core/secret";

const PUBLIC_API = "https://api.github.com";
const PUBLIC_TOKENS = ["GH_TOKEN", "GITHUB_TOKEN"];
const ENTERPRISE_TOKENS = ["GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"];
const HOST = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/;

/** A server of GitHub, and the token that is meant for it: by the rules of GitHub's own `gh`. */
export interface GithubServer {
  /** Where its API begins, as it was given. */
  readonly address: string;
  /** The variable that gave it, for messages. */
  readonly givenBy: string;
  /** Undefined when there is none. */
  readonly token: Secret | undefined;
  /** The variables that its token may stand in, the usual one first. */
  readonly tokenVariables: readonly string[];
}

/**
 * GH_TOKEN goes to github.com, to a tenant of ghe.com, and to the server that GITHUB_API_URL names; a host that
 * GH_HOST alone names gets GH_ENTERPRISE_TOKEN only.
 * @throws {UsageError} when two variables say different things, or one holds what cannot be
 */
export function readGithubServer(environment: Environment): GithubServer {
  const named = variable(environment, "GITHUB_API_URL") !== undefined;
  const address =
    agreeing(environment, ["GITHUB_API_URL", "GH_HOST"], (value, name) =>
      name === "GH_HOST" ? apiOf(value) : normalized(value),
    ) ?? PUBLIC_API;
  const isPublic = /^https:\/\/api\.(github\.com|[a-z0-9-]+\.ghe\.com)$/.test(address);
  const enterprise = isPublic ? undefined : readToken(environment, ENTERPRISE_TOKENS);
  const isForPublic = isPublic || (named && enterprise === undefined);
  return {
    address,
    givenBy: named ? "GITHUB_API_URL" : "GH_HOST",
    token: isForPublic ? readToken(environment, PUBLIC_TOKENS) : enterprise,
    tokenVariables: isForPublic ? PUBLIC_TOKENS : ENTERPRISE_TOKENS,
  };
}

function readToken(environment: Environment, names: readonly string[]): Secret | undefined {
  const token = agreeing(environment, names, (value, name) => {
    if (TOKEN.test(value)) return value;
    throw new UsageError(`${name} contains a space, a line break or another character that no token has.`);
  });
  return token === undefined ? undefined : new Secret(token);
}

/** Where the API of a host is. */
function apiOf(host: string): string {
  const name = host.toLowerCase();
  if (!HOST.test(name))
    throw new UsageError("GH_HOST is not the name of a host, such as github.example.com.");
  if (name === "github.com" || name.endsWith(".github.com")) return PUBLIC_API;
  const [, tenant] = /(?:^|\.)([a-z0-9-]+)\.ghe\.com$/.exec(name) ?? [];
  return tenant === undefined ? `https://${name}/api/v3` : `https://api.${tenant}.ghe.com`;
}

/** An address as two spellings of it agree; what is none is refused when it is used. */
function normalized(address: string): string {
  return (URL.canParse(address) ? new URL(address).href : address).replace(/\/+$/, "");
}
