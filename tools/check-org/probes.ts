import { randomUUID } from "node:crypto";
import { Secret } from "../../scripts/core/secret";
import type { Reply } from "../../scripts/genesys/reply";
import { OFFERS, type Org, offer, type ThrowAway } from "./throw-away";

/** The throw-away clients of a check. */
export interface Clients {
  readonly credentials: ThrowAway;
  readonly code: ThrowAway;
}

/** Of the shape of a secret, and none. */
const NO_SECRET = new Secret("no-secret-of-any-client-of-any-org-at-all--");

/** What a login says of a pair that is right or wrong, and of a grant that is not the client's. */
export async function probeLogins(org: Org, { credentials, code }: Clients): Promise<void> {
  const { report } = org;
  report.section("Logins");
  const ask = async (
    question: string,
    ...args: Parameters<typeof offer> extends [Org, ...infer R] ? R : []
  ) => report.answer(question, (await offer(org, ...args)).reply);
  await ask("right secret, just created", credentials.id, credentials.secret);
  await ask("wrong secret", credentials.id, NO_SECRET);
  await ask("no such client", randomUUID(), NO_SECRET);
  await ask("CODE client, right secret, offers client_credentials", code.id, code.secret);
  await ask("CODE client, wrong secret, offers client_credentials", code.id, NO_SECRET);
  await ask("CODE client, right secret, offers a void code", code.id, code.secret, OFFERS.code);
  await ask("CODE client, wrong secret, offers a void code", code.id, NO_SECRET, OFFERS.code);
  await ask("right secret, offers a void code", credentials.id, credentials.secret, OFFERS.code);
}

/** How a login is denied for the caller's address: only for a client that the user made so. */
export async function probeDenial(
  org: Org,
  denied: { id: string; secret: Secret } | undefined,
): Promise<void> {
  org.report.section("A login from an address that the client's allow list leaves out");
  if (!denied) {
    org.report.fact("not asked", "CHECK_ORG_DENIED_CLIENT_ID and CHECK_ORG_DENIED_CLIENT_SECRET are not set");
    return;
  }
  org.report.answer("right secret", (await offer(org, denied.id, denied.secret)).reply);
  org.report.answer("wrong secret", (await offer(org, denied.id, NO_SECRET)).reply);
}

/** Whether the old secret ends at once, and what becomes of a token that it took. */
export async function probeRegeneration(org: Org, { credentials }: Clients): Promise<void> {
  const { report } = org;
  report.section("Regenerating");
  const old = credentials.secret;
  const { token } = await offer(org, credentials.id, old);
  report.answer("regenerating", await credentials.regenerate());
  report.answer("old secret, at once", (await offer(org, credentials.id, old)).reply);
  report.answer("new secret, at once", (await offer(org, credentials.id, credentials.secret)).reply);
  report.answer("a token of the old secret", await use(org, token));
}

/** What `disabled` does to logins and tokens, and whether `active` undoes it. */
export async function probeStates(org: Org, { credentials }: Clients): Promise<void> {
  const { report } = org;
  const { id, secret } = credentials;
  report.section("Disabled, and active again");
  const { token } = await offer(org, id, secret);
  report.answer("a token, before", await use(org, token));
  for (const state of ["disabled", "active"]) {
    report.answer(`PUT state ${state}`, await credentials.setState(state));
    report.answer(`a login while ${state}`, (await offer(org, id, secret)).reply);
    report.answer(`the token from before, while ${state}`, await use(org, token));
  }
}

/** Which fields a PUT keeps that does not name them. */
export async function probePut(org: Org, clients: Clients): Promise<void> {
  org.report.section("A PUT of name and grant alone");
  for (const client of Object.values(clients)) {
    const { name, authorizedGrantType } = client.body;
    const before = fieldsOf(await client.get());
    org.report.answer(`${authorizedGrantType}: PUT`, await client.put({ name, authorizedGrantType }));
    const after = fieldsOf(await client.get());
    for (const field of Object.keys(client.body)) {
      const kept = JSON.stringify(after[field]) === JSON.stringify(before[field]);
      org.report.fact(`${authorizedGrantType}: ${field}`, kept ? "kept" : "changed");
    }
    await client.put(client.body);
  }
}

/** What a delete wants, and what a client that is gone answers. */
export async function probeDeletion(org: Org, { credentials }: Clients): Promise<void> {
  const { report } = org;
  const { id, secret } = credentials;
  report.section("Deleting");
  report.answer("DELETE while active", await credentials.delete());
  report.answer("PUT state inactive", await credentials.setState("inactive"));
  report.answer("a login while inactive", (await offer(org, id, secret)).reply);
  report.answer("DELETE while inactive", await credentials.delete());
  report.answer("GET afterwards", await credentials.get());
  report.answer("a login afterwards", (await offer(org, id, secret)).reply);
}

async function use({ endpoint, transport }: Org, token: Secret | undefined): Promise<Reply> {
  if (!token) return { kind: "no answer", reason: "there is no token", neverSent: true, untrusted: false };
  const url = `${endpoint.api}/api/v2/tokens/me`;
  return transport.send({ method: "GET", url, authorization: { bearer: () => token }, retryFor: 0 });
}

function fieldsOf(reply: Reply): Record<string, unknown> {
  return reply.kind === "answer" && typeof reply.body === "object"
    ? { ...(reply.body as Record<string, unknown>) }
    : {};
}
