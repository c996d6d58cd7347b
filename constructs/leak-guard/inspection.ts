import { clientAttributes, OAUTH_CLIENT } from "./client-attributes";
import { credentialFields } from "./credential-fields";
import { type Json, leavesOf } from "./document";
import { type Complaint, type Finding, refusal } from "./finding";
import { KnownSecrets } from "./known-secrets";
import { isOwn } from "./own-client";
import { attributeName, constructsByAddress, placeOf } from "./place";
import { providerBlocks } from "./provider-blocks";
import { secretReferences } from "./secret-references";
import type { Stack } from "./stack";

/** Whether somebody has accepted that the secret leaks there. */
export type IsAccepted = (path: string, attribute: string) => boolean;

/**
 * Looks at what a stack synthesizes to.
 * @throws {Error} which names every way for a secret to leave its store; no value is in it
 */
export function inspectDocument(stack: Stack, document: Json, isAccepted: IsAccepted): void {
  // Rendering every construct again takes time: only a stack that may be refused pays for it.
  let found: ReturnType<typeof constructsByAddress> | undefined;
  const constructAt = (address: string) => {
    found ??= constructsByAddress(stack);
    return found.get(address);
  };
  const ownsClient = (client: string) => isOwn(constructAt(`resource.${OAUTH_CLIENT}.${client}`));

  const leaves = leavesOf(document);
  const secrets = new KnownSecrets(process.env, leaves);
  const findings = [
    ...clientAttributes(document, ownsClient),
    ...secretReferences(document, leaves),
    ...credentialFields(document, leaves),
    ...providerBlocks(document),
    ...secrets.findings(leaves),
  ];

  const complaint = (finding: Finding): Complaint => {
    const { address, attribute } = placeOf(finding.keys);
    const construct = constructAt(address);
    return construct
      ? { ...finding, path: construct.node.path, attribute: attributeName(attribute) }
      : { ...finding, path: stack.node.path, attribute: attributeName(finding.keys) };
  };
  const complaints = new Map<string, Complaint>();
  for (const one of findings.map(complaint)) {
    const { path, attribute, client } = one;
    // The first rule that finds a place says the most about it.
    const place = JSON.stringify([path, attribute, client]);
    const own = client !== undefined && ownsClient(client);
    if (complaints.has(place) || (!own && isAccepted(path, attribute))) continue;
    complaints.set(place, one);
  }
  if (complaints.size > 0)
    throw refusal(stack.node.path, [...complaints.values()], (text) => secrets.mask(text));
}
