export const GRANTS = ["CODE", "TOKEN", "SAML2-BEARER", "PASSWORD", "CLIENT-CREDENTIALS"] as const;
export type Grant = (typeof GRANTS)[number];

/** `disabled` is set by Genesys support alone: no request can ask for it. */
export type ClientState = "active" | "inactive" | "disabled";

export interface RoleDivision {
  readonly roleId: string;
  /** A division's id, or `*` for all of them. */
  readonly divisionId: string;
}

export interface EntityRef {
  readonly id: string;
  readonly selfUri: string;
}

/** What POST and PUT send: an OAuthClientRequest with its defaults filled in. */
export interface ClientRequest {
  readonly name: string;
  readonly description?: string;
  readonly authorizedGrantType: Grant;
  /** Seconds, 300 to 38880000. */
  readonly accessTokenValiditySeconds: number;
  readonly registeredRedirectUri: readonly string[];
  readonly scope: readonly string[];
  readonly roleDivisions: readonly RoleDivision[];
  /** @default - a new client is active, an existing one stays as it is */
  readonly state?: ClientState;
  /** ISO 8601. */
  readonly dateToDelete?: string;
}

/** An OAuth client as a GET answers it: there is no `secret` in it. */
export interface OAuthClient extends ClientRequest {
  /** A UUID. */
  readonly id: string;
  readonly state: ClientState;
  /** ISO 8601. */
  readonly dateCreated: string;
  /** ISO 8601. */
  readonly dateModified: string;
  readonly createdBy: EntityRef;
  readonly modifiedBy: EntityRef;
  readonly selfUri: string;
}
