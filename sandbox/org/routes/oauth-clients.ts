import { readClientRequest } from "../client-request";
import { pageOf } from "../page";
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
      org.clients.get(id);
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
      const { client, secret } = org.clients.regenerate(id, token.clientId);
      return ok({ ...client, secret });
    },
  },
];
