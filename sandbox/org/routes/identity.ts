import { NO_CONTENT, ok, type Route } from "./route";

/** Who am I, where am I, and forget me: what every live token may ask. */
export const identityRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/v2/organizations/me",
    answer: ({ org }) => ok(org.organization.entity()),
  },
  {
    method: "GET",
    path: "/api/v2/tokens/me",
    answer: ({ org, token }) => {
      const { id, name } = org.organization;
      const { registeredRedirectUri, accessTokenValiditySeconds, selfUri, ...client } = org.clients.get(
        token.clientId,
      );
      return ok({
        organization: { id, name },
        homeOrganization: { id, name },
        authorizedScope: client.scope,
        // The id must not be `purecloud-builtin`: the provider would change a user's roles and sleep 10 s.
        OAuthClient: { ...client, organization: { id, name } },
      });
    },
  },
  {
    method: "DELETE",
    path: "/api/v2/tokens/me",
    answer: ({ org, token }) => {
      org.tokens.revoke(token.value);
      return NO_CONTENT;
    },
  },
];
