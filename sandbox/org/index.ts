export { type AllowList, DENIALS, type Denial } from "./allow-list";
export type { IssuedSecret } from "./client-registry";
export type { Fault } from "./fault";
export type { JournalEntry, RequestListener } from "./journal";
export type { ClientState, Grant, OAuthClient, RoleDivision } from "./oauth-client";
export type { OrgOptions } from "./org";
export type { Division, Role } from "./organization";
export {
  type ClientCredentials,
  type NewSandboxClient,
  type Sandbox,
  type SandboxOptions,
  startSandbox,
} from "./sandbox";
