import type { Sandbox } from "../../sandbox/org";
import { adminToken } from "../torture/admin-token";

/** Destroys a client as the provider does: the API wants it inactive first. */
export async function destroyClient(sandbox: Sandbox, id: string): Promise<void> {
  const headers = {
    authorization: `Bearer ${await adminToken(sandbox)}`,
    "content-type": "application/json",
  };
  const url = `${sandbox.origin}/api/v2/oauth/clients/${id}`;
  const { name, authorizedGrantType } = sandbox.client(id) ?? {};
  const body = { name, authorizedGrantType, state: "inactive" };
  await fetch(url, { method: "PUT", headers, body: JSON.stringify(body) });
  await fetch(url, { method: "DELETE", headers });
}
