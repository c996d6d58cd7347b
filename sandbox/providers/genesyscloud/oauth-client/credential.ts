import { type ObjectValue, text } from "../../protocol/value";
import type { ApiClient } from "../api-client";
import type { OAuthClient } from "./entity";

/** What the API answers for an integration credential. It never answers the fields. */
interface Credential {
  readonly id: string;
  readonly name: string;
}

/** What the state holds of a client's integration credential. */
export interface CredentialState extends ObjectValue {
  integration_credential_id: string | null;
  integration_credential_name: string | null;
}

const NONE: CredentialState = { integration_credential_id: null, integration_credential_name: null };
const ALL = "/api/v2/integrations/credentials";
const one = (id: string) => `${ALL}/${encodeURIComponent(id)}`;

/** Creates the credential that a plan names, if it names one. */
export async function createCredential(
  api: ApiClient,
  client: Partial<OAuthClient>,
  planned: ObjectValue,
): Promise<CredentialState> {
  const name = text(planned.integration_credential_name);
  if (!name) return NONE;
  // The real provider drops this call's failure: the client is created, and no credential is.
  return api
    .call<Credential>("POST", ALL, body(name, client))
    .then(stateOf)
    .catch(() => ({ ...NONE, integration_credential_name: name }));
}

/**
 * Brings the credential in line after the client has been updated. The API answers no secret to an update, and the
 * real provider 1.82.0 puts an empty one into the credential then: a live integration dies. The stand-in repeats it.
 */
export async function updateCredential(
  api: ApiClient,
  client: Partial<OAuthClient>,
  planned: ObjectValue,
): Promise<CredentialState> {
  const id = text(planned.integration_credential_id);
  const name = text(planned.integration_credential_name);
  if (!id) return createCredential(api, client, planned);
  await api.call("GET", one(id));
  if (!name) return deleteCredential(api, id);
  return api
    .call<Credential>("PUT", one(id), body(name, client))
    .then(stateOf)
    .catch(() => ({ integration_credential_id: id, integration_credential_name: name }));
}

/** Deletes a credential; a failure is dropped, as by the real provider. */
export async function deleteCredential(api: ApiClient, id: string): Promise<CredentialState> {
  await api
    .call("GET", one(id))
    .then(() => api.call("DELETE", one(id)))
    .catch(() => undefined);
  return NONE;
}

function body(name: string, client: Partial<OAuthClient>): object {
  return {
    name,
    type: { name: "pureCloudOAuthClient" },
    credentialFields: { clientId: client.id, clientSecret: client.secret ?? "" },
  };
}

function stateOf(credential: Partial<Credential>): CredentialState {
  return {
    integration_credential_id: credential.id ?? null,
    integration_credential_name: credential.name ?? null,
  };
}
