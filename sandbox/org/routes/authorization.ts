import { notFound } from "../api-error";
import type { Division, Role } from "../organization";
import { pageOf } from "../page";
import { ok, type Route } from "./route";

const ROLES = "/api/v2/authorization/roles";
const DIVISIONS = "/api/v2/authorization/divisions";

/** Roles, divisions and products: what the provider reads when it starts, and its data sources. */
export const authorizationRoutes: readonly Route[] = [
  {
    method: "GET",
    path: ROLES,
    permission: "authorization:role:view",
    answer: ({ org, request }) => {
      const named = byName(org.organization.roles, request.query).map(roleEntity);
      return ok(pageOf(named, ROLES, request.query, org.pageSize));
    },
  },
  {
    method: "GET",
    path: DIVISIONS,
    answer: ({ org, request }) => {
      const named = byName(org.organization.divisions, request.query).map(divisionEntity);
      return ok(pageOf(named, DIVISIONS, request.query, org.pageSize));
    },
  },
  {
    method: "GET",
    path: `${DIVISIONS}/home`,
    answer: ({ org }) => {
      const home = org.organization.divisions.find(({ homeDivision }) => homeDivision);
      if (!home) throw notFound("the home division");
      return ok(divisionEntity(home));
    },
  },
  {
    method: "GET",
    path: "/api/v2/authorization/products",
    answer: ({ org }) => {
      const entities = org.organization.products.map((id) => ({ id }));
      return ok({ total: entities.length, entities });
    },
  },
];

/** The query's name narrows the list by what a name contains; its readers compare the whole name themselves. */
function byName<T extends { readonly name: string }>(all: readonly T[], query: URLSearchParams): T[] {
  const wanted = (query.get("name") ?? "").toLowerCase();
  return all.filter(({ name }) => name.toLowerCase().includes(wanted));
}

const roleEntity = ({ id, name, description, permissions }: Role): Record<string, unknown> => ({
  id,
  name,
  description,
  permissions,
  selfUri: `${ROLES}/${id}`,
});

const divisionEntity = (division: Division): Record<string, unknown> => ({
  ...division,
  selfUri: `${DIVISIONS}/${division.id}`,
});
