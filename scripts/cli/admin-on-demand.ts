import { readAdminCredentials } from "../core/admin-credentials";
import type { Environment } from "../core/environment";
import { GenesysSecretError } from "../core/errors";
import type { Progress } from "../core/progress";
import type { Endpoint } from "../genesys/endpoint";
import { GenesysCloud } from "../genesys/genesys-cloud";
import { lookUp } from "../genesys/oauth-clients";
import type { GenesysCall } from "../genesys/session";

/** The admin of a command that can do without: signs in when something asks for it, and only then. */
export class AdminOnDemand {
  readonly #environment: Environment;
  readonly #connect: (admin: ReturnType<typeof readAdminCredentials>) => GenesysCloud;
  #cloud: Promise<GenesysCloud> | undefined;

  constructor(
    environment: Environment,
    endpoint: Endpoint,
    progress: Progress,
    abort: AbortSignal,
    retryFor: number,
  ) {
    this.#environment = environment;
    this.#connect = (admin) => new GenesysCloud({ endpoint, admin, target: {}, progress, abort, retryFor });
  }

  /** @throws {UsageError | AuthenticationError | UnavailableError} when there is no admin, or it cannot sign in */
  readonly call: GenesysCall = async (request) => {
    this.#cloud ??= this.#signIn();
    return (await this.#cloud).call(request);
  };

  /** Whether Genesys Cloud says that there is no such client; false where nobody can be asked. */
  async isGone(clientId: string): Promise<boolean> {
    try {
      return (await lookUp(this.call, clientId)) === "not found";
    } catch (error) {
      if (error instanceof GenesysSecretError) return false;
      throw error;
    }
  }

  /** Revokes the token, if one was taken. */
  async signOut(): Promise<void> {
    const cloud = await this.#cloud?.catch(() => undefined);
    await cloud?.signOut();
  }

  async #signIn(): Promise<GenesysCloud> {
    const cloud = this.#connect(readAdminCredentials(this.#environment));
    await cloud.signIn();
    return cloud;
  }
}
