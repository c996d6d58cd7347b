import { setTimeout as sleep } from "node:timers/promises";
import { ProviderError } from "../../protocol/diagnostic";
import type { ResourceType } from "../../protocol/provider";
import { type ObjectValue, text, withoutUnknown } from "../../protocol/value";
import type { ApiClient } from "../api-client";
import { explain } from "../api-error";
import { required, type Session } from "../session";
import { createCredential, deleteCredential, updateCredential } from "./credential";
import { clientPath, OAUTH_CLIENT, type OAuthClient } from "./entity";
import { clientRequest } from "./request";
import { writeSecretFile } from "./secret-file";
import { clientState } from "./state";
import { validateClient } from "./validation";

const GONE_WITHIN_MS = 30_000;
const GONE_POLL_MS = 500;

/**
 * `genesyscloud_oauth_client` with the calls and the faults of the real provider 1.82.0. No attribute forces a new
 * client there, the grant type neither.
 */
export const oauthClient: ResourceType<Session> = {
  defaults: { access_token_validity_seconds: 86_400, state: "active", expose_client_secret: false },
  validate: validateClient,

  async create(session, planned, keep) {
    const api = session.client();
    const name = text(planned.name);
    const request = await clientRequest(session, planned);
    await refuseUsersToken(api);
    const client = await api
      .call<OAuthClient>("POST", clientPath(), request)
      .catch(explain(OAUTH_CLIENT, `Failed to create oauth client ${name}`));
    const id = required(client.id, "the new client's id");

    const directory = text(planned.directory_client_secret);
    if (directory) writeSecretFile(directory, id, client.secret ?? "");
    const known = {
      ...withoutUnknown(planned),
      id,
      client_secret: planned.expose_client_secret === true ? (client.secret ?? "") : "",
      ...(await createCredential(api, client, planned)),
    };
    keep(known);
    return clientState(known, await readClient(api, id));
  },

  async read(session, state) {
    const client = await findClient(session.client(), text(state.id) ?? "");
    return client ? clientState(state, client) : null;
  },

  async update(session, prior, planned, keep) {
    // The older SDK saves what was planned when an update fails; the next refresh reads what is.
    keep(planned);
    const api = session.client();
    const id = text(prior.id) ?? "";
    const client = await putClient(session, api, id, planned);
    const credential = await updateCredential(api, client, planned).catch(
      explain(
        OAUTH_CLIENT,
        `Failed to get integration credential ${text(planned.integration_credential_id)}`,
      ),
    );
    const known = { ...planned, ...credential };
    keep(known);
    const read = await findClient(api, id);
    return read ? clientState(known, read) : null;
  },

  async destroy(session, state) {
    const api = session.client();
    const id = text(state.id) ?? "";
    const credential = text(state.integration_credential_id);
    if (credential) await deleteCredential(api, credential);
    // A client must be inactive before it can be deleted.
    await putClient(session, api, id, { ...state, state: "inactive" });
    await findClient(api, id);
    await api
      .call("DELETE", clientPath(id))
      .catch(explain(OAUTH_CLIENT, `Failed to delete oauth client ${text(state.name)}`));
    await gone(api, id);
  },
};

function putClient(session: Session, api: ApiClient, id: string, planned: ObjectValue) {
  return clientRequest(session, planned)
    .then((request) => api.call<OAuthClient>("PUT", clientPath(id), request))
    .catch(explain(OAUTH_CLIENT, `Failed to update oauth client ${id}`));
}

function findClient(api: ApiClient, id: string): Promise<Partial<OAuthClient> | undefined> {
  return api
    .find<OAuthClient>(clientPath(id))
    .catch(explain(OAUTH_CLIENT, `Failed to read oauth client ${id}`));
}

function readClient(api: ApiClient, id: string): Promise<Partial<OAuthClient>> {
  return api
    .call<OAuthClient>("GET", clientPath(id))
    .catch(explain(OAUTH_CLIENT, `Failed to read oauth client ${id}`));
}

async function gone(api: ApiClient, id: string): Promise<void> {
  const deadline = Date.now() + GONE_WITHIN_MS;
  for (;;) {
    const client = await findClient(api, id);
    if (!client || client.state === "deleted") return;
    if (Date.now() >= deadline) throw new ProviderError(`OAuth client ${id} still exists`);
    await sleep(GONE_POLL_MS);
  }
}

/**
 * Asks who the provider is. For a user's token the real provider then gives that user the new client's roles and
 * sleeps for ten seconds; the stand-in changes no user.
 */
async function refuseUsersToken(api: ApiClient): Promise<void> {
  const me = await api
    .call<{ OAuthClient: { organization: { id: string } } }>("GET", "/api/v2/tokens/me?preserveIdleTTL=false")
    .catch(
      explain(OAUTH_CLIENT, "Error trying to retrieve the token for the OAuth client running the provider"),
    );
  const organization = required(me.OAuthClient?.organization?.id, "OAuthClient.organization.id of the token");
  if (organization === "purecloud-builtin") {
    throw new ProviderError("The stand-in provider does not work with a user's token; use an OAuth client.");
  }
}
