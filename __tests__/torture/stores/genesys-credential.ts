import type { Sandbox } from "../../../sandbox/org";
import { adminToken } from "../admin-token";
import type { TortureStore } from "./torture-store";

/** `genesys-credential:`, an integration credential of the very org; its way is the org's own. */
export async function genesysCredentialStore(sandbox: Sandbox, clientId: string): Promise<TortureStore> {
  const id = await makeCredential(sandbox, clientId);
  return {
    kind: "genesys-credential",
    uri: `genesys-credential:${id}`,
    readable: false,
    environment: {},
    credentials: [],
    holds: () => sandbox.credentialFields(id)?.clientSecret || undefined,
    residue: () => [],
    isWrite: ({ method, path, body }, secret) =>
      method === "PUT" && path.startsWith("/api/v2/integrations/credentials/") && body.includes(secret),
    close: async () => {},
  };
}

/** As somebody has made it who set up the integration, with nothing in it yet. */
async function makeCredential(sandbox: Sandbox, clientId: string): Promise<string> {
  const token = await adminToken(sandbox);
  const made = await fetch(`${sandbox.origin}/api/v2/integrations/credentials`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({
      name: "an integration's",
      type: { name: "pureCloudOAuthClient" },
      credentialFields: { clientId, clientSecret: "" },
    }),
  });
  return ((await made.json()) as { id: string }).id;
}
