import { number, type ObjectValue, objects, text, texts } from "../../protocol/value";
import type { Session } from "../session";
import type { RoleDivision } from "./entity";

/** The body of a POST or PUT for a planned client; empty sets are left out of it. */
export async function clientRequest(session: Session, planned: ObjectValue): Promise<object> {
  const redirectUris = texts(planned.registered_redirect_uris);
  const scopes = texts(planned.scopes);
  const roles = await roleDivisions(session, planned);
  return {
    name: text(planned.name),
    description: text(planned.description) ?? "",
    accessTokenValiditySeconds: number(planned.access_token_validity_seconds),
    authorizedGrantType: text(planned.authorized_grant_type),
    state: text(planned.state),
    ...(redirectUris.length > 0 && { registeredRedirectUri: redirectUris }),
    ...(scopes.length > 0 && { scope: scopes }),
    ...(roles.length > 0 && { roleDivisions: roles }),
  };
}

async function roleDivisions(session: Session, planned: ObjectValue): Promise<RoleDivision[]> {
  const roles: RoleDivision[] = [];
  for (const role of objects(planned.roles)) {
    const divisionId = text(role.division_id) || (await session.homeDivision());
    roles.push({ roleId: text(role.role_id) ?? "", divisionId });
  }
  return roles;
}
