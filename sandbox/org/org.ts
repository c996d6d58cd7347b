import { AllowLists } from "./allow-list";
import { ClientRegistry } from "./client-registry";
import { CredentialRegistry } from "./credential-registry";
import { MinuteLimit } from "./minute-limit";
import { Organization } from "./organization";
import { TokenBook } from "./token-book";

/** How strict, how small and how slow the org is. */
export interface OrgOptions {
  /** Entities on a page, at most. @default 100 */
  readonly pageSize?: number;
  /** Milliseconds for which a regenerated secret is refused; the old one is dead at once. @default 0 */
  readonly loginLagMs?: number;
  /** API requests a minute for each token; Genesys Cloud has 300. @default - no limit */
  readonly apiLimitPerMinute?: number;
  /** Logins a minute for each client; the Terraform provider needs 11 each time it starts. @default - no limit */
  readonly loginLimitPerMinute?: number;
  /** Milliseconds of a minute of these limits: less makes the clock run fast. @default 60,000 */
  readonly minuteMs?: number;
  /** Seconds until a token expires. @default - each client's accessTokenValiditySeconds */
  readonly tokenSeconds?: number;
}

/** Everything that the org knows. */
export class Org {
  readonly organization = new Organization();
  readonly tokens = new TokenBook();
  readonly credentials = new CredentialRegistry();
  readonly allowLists = new AllowLists();
  readonly clients: ClientRegistry;
  readonly apiLimit: MinuteLimit;
  readonly loginLimit: MinuteLimit;
  readonly pageSize: number;
  readonly tokenSeconds: number | undefined;

  constructor(options: OrgOptions = {}) {
    this.clients = new ClientRegistry(options.loginLagMs ?? 0);
    this.apiLimit = new MinuteLimit(options.apiLimitPerMinute, options.minuteMs);
    this.loginLimit = new MinuteLimit(options.loginLimitPerMinute, options.minuteMs);
    this.pageSize = options.pageSize ?? 100;
    this.tokenSeconds = options.tokenSeconds;
  }

  /**
   * Whether the client holds every role that the other one holds: nobody else may edit it. A client that may do
   * everything counts as holding all of them.
   */
  holdsRolesOf(clientId: string, otherId: string): boolean {
    if (this.permissionsOf(clientId).includes("*")) return true;
    const held = new Set(this.clients.find(clientId)?.roleDivisions.map(({ roleId }) => roleId));
    return this.clients.get(otherId).roleDivisions.every(({ roleId }) => held.has(roleId));
  }

  /** What the client may do: what it was given one by one, else what its roles allow. */
  permissionsOf(clientId: string): readonly string[] {
    const own = this.clients.ownPermissions(clientId);
    if (own) return own;
    const held = new Set(this.clients.find(clientId)?.roleDivisions.map(({ roleId }) => roleId));
    return this.organization.roles.filter(({ id }) => held.has(id)).flatMap(({ permissions }) => permissions);
  }
}
