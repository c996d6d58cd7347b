import * as z from "zod/mini";
import { StoreFault } from "../../core/errors";
import type { JsonAnswer } from "../../http/json-http";
import type { Attempts, VaultClient } from "./api";

/** What a run may take from here on: the default limits of storing and of verifying, and some. */
const SHORTEST_LIFE_S = 180;
/**
 * Requests of a run from here on, with one conflict: mount, 2 for the life of versions, 2 reads, rehearsal, 2 writes with
 * a read in between, read back, revoke.
 */
const FEWEST_USES = 11;

const TokenAnswer = z.object({ data: z.object({ ttl: z.number(), num_uses: z.number() }) });

/** @throws {StoreFault} when the token is refused, or will not last until a run is over */
export async function assertTokenLasts(client: VaultClient, attempts: Attempts): Promise<void> {
  const { status, body } = await lookUp(client, attempts);
  if (client.token === undefined && status >= 400)
    throw new StoreFault(
      `the agent at VAULT_AGENT_ADDR adds no token of its own (${status}): set VAULT_TOKEN, or use_auto_auth_token in the agent`,
    );
  if (status === 403)
    throw new StoreFault(
      'the token is refused (403): it is wrong, expired, revoked, of another VAULT_NAMESPACE, or without the policy "default"',
    );
  const answer = TokenAnswer.safeParse(body);
  if (status !== 200 || !answer.success)
    throw new StoreFault(
      `the token's look-up was answered ${status}: VAULT_ADDR is no Vault or OpenBao, or has no such VAULT_NAMESPACE`,
    );
  const { ttl, num_uses } = answer.data.data;
  // 0 stands for "without end" in both.
  if (ttl !== 0 && ttl < SHORTEST_LIFE_S)
    throw new StoreFault(
      `the token expires in ${ttl} s, and a run may take ${SHORTEST_LIFE_S} s; give it a longer time to live`,
    );
  if (num_uses !== 0 && num_uses < FEWEST_USES)
    throw new StoreFault(`the token has ${num_uses} uses left, and a run needs ${FEWEST_USES}`);
}

/** A token may be of a namespace above the one in which it is used; only there it may look itself up. */
async function lookUp(client: VaultClient, attempts: Attempts): Promise<JsonAnswer> {
  const [own, ...above] = upwards(client.namespace);
  const ask = (namespace: string | undefined): Promise<JsonAnswer> =>
    client.send({ method: "GET", path: "auth/token/lookup-self", namespace, ...attempts });
  const first = await ask(own);
  if (first.status !== 403) return first;
  for (const namespace of above) {
    const answer = await ask(namespace);
    if (answer.status === 200) return answer;
  }
  return first;
}

/** "a/b" and what is above it: "a/b", "a", "". */
function upwards(namespace: string): string[] {
  const parts = namespace.split("/").filter(Boolean);
  return [...parts.keys(), parts.length].reverse().map((length) => parts.slice(0, length).join("/"));
}
