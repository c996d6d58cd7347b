import type { Credential } from "../credential-registry";
import { pageOf } from "../page";
import { jsonBody, NO_CONTENT, ok, type Route } from "./route";

const PATH = "/api/v2/integrations/credentials";

/** Integration credentials. No answer carries their fields. */
export const credentialRoutes: readonly Route[] = [
  {
    method: "GET",
    path: PATH,
    permission: "integrations:integration:view",
    answer: ({ org, request }) => ok(pageOf(org.credentials.list(), PATH, request.query, org.pageSize)),
  },
  {
    method: "POST",
    path: PATH,
    permission: "integrations:integration:add",
    answer: ({ org, request }) => ok(org.credentials.create(jsonBody(request))),
  },
  {
    method: "GET",
    path: `${PATH}/{id}`,
    permission: "integrations:integration:view",
    answer: ({ org, id }) => ok(withoutDates(org.credentials.get(id))),
  },
  {
    method: "PUT",
    path: `${PATH}/{id}`,
    permission: "integrations:integration:edit",
    answer: ({ org, request, id }) => ok(org.credentials.replace(id, jsonBody(request))),
  },
  {
    method: "DELETE",
    path: `${PATH}/{id}`,
    permission: "integrations:integration:delete",
    answer: ({ org, id }) => {
      org.credentials.remove(id);
      return NO_CONTENT;
    },
  },
];

/** A GET of one answers the model `Credential`, which has no dates; the others answer `CredentialInfo`. */
function withoutDates({
  id,
  name,
  type,
  selfUri,
}: Credential): Omit<Credential, "createdDate" | "modifiedDate"> {
  return { id, name, type, selfUri };
}
