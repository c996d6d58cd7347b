import * as z from "zod/mini";
import { StoreFault } from "../../core/errors";
import type { VaultClient } from "./api";
import type { Attempts } from "./kv2-entry";

/** What a run may take from here on: the default limits of storing and of verifying, and some. */
const SHORTEST_LIFE_S = 180;
/** Requests of a run from here on, with one conflict: mount, capabilities, 2 reads, 2 writes, read back, revoke. */
const FEWEST_USES = 8;
const NEEDED = ["create", "update", "read"];

const TokenAnswer = z.object({ data: z.object({ ttl: z.number(), num_uses: z.number() }) });
const CapabilitiesAnswer = z.object({ data: z.record(z.string(), z.unknown()) });
const Capabilities = z.array(z.string());

/** @throws {StoreFault} when the token is refused, or will not last until a run is over */
export async function assertTokenLasts(client: VaultClient, attempts: Attempts): Promise<void> {
  const path = "auth/token/lookup-self";
  const { status, body } = await client.send({ method: "GET", path, ...attempts });
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

/** @throws {StoreFault} when the token lacks a capability on this very path */
export async function assertCapable(client: VaultClient, path: string, attempts: Attempts): Promise<void> {
  const { status, body } = await client.send({
    method: "POST",
    path: "sys/capabilities-self",
    json: { paths: [path] },
    ...attempts,
  });
  const answer = CapabilitiesAnswer.safeParse(body);
  const listed = Capabilities.safeParse(answer.success ? answer.data.data[path] : undefined);
  if (status !== 200 || !listed.success)
    throw new StoreFault(
      `the token may not ask what it is allowed (${status}); it needs update on sys/capabilities-self, as in the policy "default"`,
    );
  if (listed.data.includes("root")) return;
  const missing = NEEDED.filter((capability) => !listed.data.includes(capability));
  if (missing.length > 0) throw new StoreFault(`the token's policies lack ${missing.join(", ")} on ${path}`);
}
