import type { StoredDocument } from "../stores/document";

/** Whether two documents hold the same secret of the same client. */
export function isSameSecret(one: StoredDocument, other: StoredDocument): boolean {
  return one.clientId === other.clientId && one.clientSecret.equals(other.clientSecret);
}

/** Whether nothing would change if one were written over the other. */
export function isSameDocument(one: StoredDocument, other: StoredDocument): boolean {
  return (
    isSameSecret(one, other) &&
    one.rotation === other.rotation &&
    one.verified === other.verified &&
    hasSameMembers(one.stores, other.stores)
  );
}

/** The document that was regenerated last. */
export function newest(documents: readonly StoredDocument[]): StoredDocument | undefined {
  return [...documents].sort((a, b) => (a.regeneratedAt < b.regeneratedAt ? 1 : -1))[0];
}

/** The owner that the newest document of these clients names. */
export function ownerIn(
  found: readonly { readonly document?: StoredDocument }[],
  clientIds: readonly string[],
): string | undefined {
  const own = found.flatMap(({ document }) =>
    document && clientIds.includes(document.clientId) ? [document] : [],
  );
  return newest(own)?.owner;
}

export function hasSameMembers(one: readonly string[], other: readonly string[]): boolean {
  const members = new Set(one);
  return members.size === new Set(other).size && other.every((member) => members.has(member));
}
