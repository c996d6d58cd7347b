import type { Sandbox } from "../../sandbox/org";
import { adminToken } from "../torture/admin-token";

const SECRET_CALL = /^\/api\/v2\/oauth\/clients\/[^/]+\/secret$/;

/** Regenerates a client's secret past the program, as another run does. @returns the new secret */
export async function regenerateElsewhere(sandbox: Sandbox, clientId: string): Promise<string> {
  const headers = { authorization: `Bearer ${await adminToken(sandbox)}` };
  const path = `/api/v2/oauth/clients/${clientId}/secret`;
  const answer = await fetch(`${sandbox.origin}${path}`, { method: "POST", headers });
  return ((await answer.json()) as { secret: string }).secret;
}

/**
 * Lets another run overtake the one under test: when the org has made a secret for it and not yet answered, the other
 * one regenerates and stores.
 * @param put stores the other run's document, behind the program's back
 */
export function overtake(
  sandbox: Sandbox,
  clientId: string,
  put: (document: Readonly<Record<string, string>>) => unknown,
): void {
  const forget = sandbox.onEffect(async ({ path }) => {
    if (!SECRET_CALL.test(path)) return;
    forget();
    const client_secret = await regenerateElsewhere(sandbox, clientId);
    await put({ ...EARLIER, client_id: clientId, client_secret });
  });
}

/** The clock of the other run's machine is slow: its date says nothing. */
const EARLIER = { region: "us-east-1", regenerated_at: "2020-01-01T00:00:00.000Z" };
