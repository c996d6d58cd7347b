/** An OAuth client as the API answers it. */
export interface OAuthClient {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly authorizedGrantType: string;
  readonly accessTokenValiditySeconds: number;
  readonly registeredRedirectUri: readonly string[];
  readonly scope: readonly string[];
  readonly roleDivisions: readonly RoleDivision[];
  readonly state: string;
  /** Only in the answer that creates the client. */
  readonly secret: string;
}

/** A role that a client has, and where. */
export interface RoleDivision {
  readonly roleId: string;
  readonly divisionId: string;
}

/** The resource type. */
export const OAUTH_CLIENT = "genesyscloud_oauth_client";

/** The path of all clients, or of one. */
export function clientPath(id?: string): string {
  return id === undefined ? "/api/v2/oauth/clients" : `/api/v2/oauth/clients/${encodeURIComponent(id)}`;
}
