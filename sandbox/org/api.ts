import type { Answer, OrgRequest } from "./answer";
import { ApiError, badCredentials, missingPermission, notFound, tooManyRequests } from "./api-error";
import { readBearer } from "./authorization-header";
import type { Org } from "./org";
import { covers } from "./permission";
import { authorizationRoutes } from "./routes/authorization";
import { credentialRoutes } from "./routes/credentials";
import { identityRoutes } from "./routes/identity";
import { oauthClientRoutes } from "./routes/oauth-clients";
import type { Route } from "./routes/route";
import type { Token } from "./token-book";

// A path in full goes before one with a placeholder: `find` takes the first that fits.
const ROUTES: readonly Route[] = [
  ...identityRoutes,
  ...authorizationRoutes,
  ...oauthClientRoutes,
  ...credentialRoutes,
];

/** `/api/v2/…`: an answer for every request. In order: the token, its rate, the operation, the permission. */
export function api(org: Org, request: OrgRequest): Answer {
  let token: Token | undefined;
  try {
    token = authenticate(org, request.authorization);
    const wait = org.apiLimit.count(token.value);
    if (wait) throw tooManyRequests(org.apiLimit.perMinute ?? 0, wait);
    return withRate(org, token, operate(org, request, token));
  } catch (error) {
    if (error instanceof ApiError) return withRate(org, token, error.toAnswer());
    throw error;
  }
}

function operate(org: Org, request: OrgRequest, token: Token): Answer {
  for (const route of ROUTES) {
    const id = route.method === request.method ? match(route.path, request.path) : undefined;
    if (id === undefined) continue;
    if (route.permission && !covers(org.permissionsOf(token.clientId), route.permission)) {
      throw missingPermission(route.permission);
    }
    return route.answer({ org, token, request, id });
  }
  throw notFound(`${request.method} ${request.path}`);
}

/** The answer, with what was counted for whoever asks: the official SDKs' documentation shows these headers. */
function withRate(org: Org, token: Token | undefined, answer: Answer): Answer {
  const counted = token && org.apiLimit.counted(token.value);
  if (!counted) return answer;
  const rate = {
    "inin-ratelimit-count": String(counted.count),
    "inin-ratelimit-allowed": String(org.apiLimit.perMinute),
    "inin-ratelimit-reset": String(counted.reset),
  };
  return { ...answer, headers: { ...answer.headers, ...rate } };
}

function authenticate(org: Org, authorization: string | undefined): Token {
  const bearer = readBearer(authorization);
  if (!bearer) throw badCredentials("No authentication bearer token specified in authorization header.");
  const token = org.tokens.live(bearer);
  if (!token) throw badCredentials("Invalid login credentials.");
  return token;
}

/** The segment in the place of `{id}`, an empty string when the pattern has none, nothing when it does not fit. */
function match(pattern: string, path: string): string | undefined {
  const [before = "", after] = pattern.split("{id}");
  if (after === undefined) return path === pattern ? "" : undefined;
  if (!path.startsWith(before) || !path.endsWith(after)) return undefined;
  const id = path.slice(before.length, path.length - after.length);
  return id === "" || id.includes("/") ? undefined : id;
}
