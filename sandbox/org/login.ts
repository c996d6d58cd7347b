import type { Answer, OrgRequest } from "./answer";
import { readBasic } from "./authorization-header";
import type { Org } from "./org";

/**
 * `POST /oauth/token`: an answer for every request, errors in the shape of OAuth and not of the API. The texts of a
 * wrong id, a wrong secret and a wrong grant are those that people report from real orgs.
 */
export function login(org: Org, request: OrgRequest): Answer {
  const basic = readBasic(request.authorization);
  if (!basic) return refusal(401, "invalid_client", "client authentication is required");

  const wait = org.loginLimit.count(basic.id);
  // A 400 that is worth a retry: the Terraform provider knows it by exactly these words.
  if (wait) return refusal(400, "invalid_request", `rate limit exceeded; retry in ${wait} seconds`);

  const client = org.clients.find(basic.id);
  if (!client) return refusal(400, "invalid_client", "client not found: invalid clientId");

  const form = new URLSearchParams(request.body);
  const grantType = form.get("grant_type");
  // Whoever comes from elsewhere learns nothing of the secret. Lists are for clients that log in by themselves.
  const denial =
    grantType === "client_credentials" ? org.allowLists.denial(client.id, request.address) : undefined;
  if (denial) return denial;

  if (!org.clients.authenticates(basic.id, basic.secret)) {
    return refusal(400, "invalid_client", "authentication failed");
  }
  if (client.state !== "active") return refusal(400, "invalid_client", `client is ${client.state}`);

  // Who the client is has been settled; what follows tells somebody who holds the right secret what is wrong.
  const grant = client.authorizedGrantType;
  if (grantType === "client_credentials") {
    if (grant !== "CLIENT-CREDENTIALS") return notItsGrant("client_credential");
    const seconds = org.tokenSeconds ?? client.accessTokenValiditySeconds;
    const token = org.tokens.issue(client.id, seconds);
    return {
      status: 200,
      headers: { "Cache-Control": "no-store" },
      body: { access_token: token.value, token_type: "bearer", expires_in: seconds },
    };
  }
  if (grantType === "authorization_code") {
    if (grant !== "CODE") return notItsGrant("authorization_code");
    if (!form.get("code")) return refusal(400, "invalid_request", "code is required");
    // Nobody can log in to the sandbox as a person, so that no code was ever given.
    return refusal(400, "invalid_grant", "invalid authorization code");
  }
  if (!grantType) return refusal(400, "invalid_request", "grant_type is required");
  return refusal(
    400,
    "unsupported_grant_type",
    "the sandbox knows client_credentials and authorization_code",
  );
}

const notItsGrant = (name: string): Answer =>
  refusal(400, "unauthorized_client", `client is not authorized to use the ${name} grant type`);

function refusal(status: number, error: string, description: string): Answer {
  return { status, body: { error, description, error_description: description } };
}
