import type { ObjectValue, Value } from "../../protocol/value";
import type { OAuthClient } from "./entity";

/**
 * The state after the API has been read: what it answers over what was known before. What it never answers (the
 * secret, the credential, how the secret is to be exposed) stays.
 */
export function clientState(known: ObjectValue, client: Partial<OAuthClient>): ObjectValue {
  return {
    ...known,
    id: client.id ?? null,
    client_id: client.id ?? null,
    name: client.name ?? null,
    description: client.description || emptyAs(known.description, ""),
    access_token_validity_seconds: client.accessTokenValiditySeconds ?? null,
    authorized_grant_type: client.authorizedGrantType ?? null,
    state: client.state ?? null,
    registered_redirect_uris: strings(client.registeredRedirectUri, known.registered_redirect_uris),
    scopes: strings(client.scope, known.scopes),
    roles: (client.roleDivisions ?? []).map(({ roleId, divisionId }) => ({
      role_id: roleId,
      division_id: divisionId,
    })),
  };
}

function strings(answered: readonly string[] | undefined, known: Value | undefined): Value {
  return answered && answered.length > 0 ? [...answered] : emptyAs(known, []);
}

/** The API does not tell nothing from empty: kept as it was written, or each plan would show a change. */
function emptyAs(known: Value | undefined, empty: Value): Value {
  return known === null || known === undefined ? null : empty;
}
