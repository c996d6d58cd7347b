import { missingRoles } from "../api-error";
import { readClientRequest } from "../client-request";
import type { Org } from "../org";
import { pageOf } from "../page";
import type { Token } from "../token-book";
import { jsonBody, NO_CONTENT, ok, type Route } from "./route";

const PATH = "/api/v2/oauth/clients";

/** OAuth clients. Only the two answers that make a secret carry it. */
export const oauthClientRoutes: readonly Route[] = [
  {
    method: "GET",
    path: PATH,
    permission: "oauth:client:view",
    answer: ({ org, request }) => ok(pageOf(org.clients.list(), PATH, request.query, org.pageSize)),
  },
  {
    method: "POST",
    path: PATH,
    permission: "oauth:client:add",
    answer: ({ org, request, token }) => {
      const asked = readClientRequest(jsonBody(request));
      const { client, secret } = org.clients.create(asked, { by: token.clientId });
      return ok({ ...client, secret });
    },
  },
  {
    method: "GET",
    path: `${PATH}/{id}`,
    permission: "oauth:client:view",
    answer: ({ org, id }) => ok(org.clients.get(id)),
  },
  {
    method: "PUT",
    path: `${PATH}/{id}`,
    permission: "oauth:client:edit",
    answer: ({ org, request, token, id }) => {
      assertMayEdit(org, token, id);
      return ok(org.clients.replace(id, readClientRequest(jsonBody(request)), token.clientId));
    },
  },
  {
    method: "DELETE",
    path: `${PATH}/{id}`,
    permission: "oauth:client:delete",
    answer: ({ org, id }) => {
      org.clients.remove(id);
      org.tokens.revokeAllOf(id);
      return NO_CONTENT;
    },
  },
  {
    method: "POST",
    path: `${PATH}/{id}/secret`,
    permission: "oauth:client:edit",
    // Tokens taken with the old secret live on until they expire: a token does not know what it was paid with.
    answer: ({ org, token, id }) => {
      assertMayEdit(org, token, id);
      const { client, secret } = org.clients.regenerate(id, token.clientId);
      return ok({ ...client, secret });
    },
  },
];

/** @throws ApiError 404 when there is no such client, 403 when it holds a role that the editor does not hold */
function assertMayEdit(org: Org, { clientId }: Token, id: string): void {
  org.clients.get(id);
  if (!org.holdsRolesOf(clientId, id)) throw missingRoles(id);
}
