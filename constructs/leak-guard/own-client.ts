const OWN = Symbol.for("cdktf-genesyscloud-secure-oauth-client/own-client");

/** Marks the client of a SecureOAuthClient: no exception is made for it. */
export function markAsOwn(client: object): void {
  Object.defineProperty(client, OWN, { value: true });
}

/** Whether a construct is the client of a SecureOAuthClient, of whichever copy of this package. */
export function isOwn(construct: object | undefined): boolean {
  return construct !== undefined && OWN in construct;
}
