import { SecretClient, type SecretClientOptions } from "@azure/keyvault-secrets";
import type { StoreContext } from "../store";
import { bounds } from "./bounds";
import { azureCredential } from "./credential";
import { AzureFault, azureFault } from "./fault";

type Policy = NonNullable<SecretClientOptions["additionalPolicies"]>[number]["policy"];

/** A version that no secret has: what happens to it happens to nothing. */
const NO_VERSION = "0".repeat(32);

/** What a version has besides its value, and the next one keeps. */
export interface VersionTraits {
  readonly contentType?: string;
  readonly tags?: Record<string, string>;
  readonly expiresOn?: Date;
  readonly notBefore?: Date;
}

/** The current version of a secret. */
export interface CurrentSecret {
  readonly value: string;
  /** Whether it belongs to a certificate of the vault, which writes it itself. */
  readonly isManaged: boolean;
  readonly traits: VersionTraits;
}

/** The calls about one secret of a vault, by the official client. All throw AzureFault. */
export class VaultSecret {
  readonly #client: SecretClient;
  readonly #name: string;
  /** The times of the version that is being written, in seconds. */
  #times: { exp?: number; nbf?: number } = {};

  /** @param store the store's URI, for warnings */
  constructor(url: string, name: string, context: StoreContext, store: string) {
    const { additionalPolicies = [], ...options } = bounds(context.signal);
    this.#client = new SecretClient(url, azureCredential(context, store), {
      ...options,
      additionalPolicies: [...additionalPolicies, { policy: this.#exactTimes(), position: "perCall" }],
    });
    this.#name = name;
  }

  /** The current version; undefined when there is no such secret. */
  async read(): Promise<CurrentSecret | undefined> {
    try {
      const { value, properties } = await this.#client.getSecret(this.#name);
      if (typeof value !== "string") throw new AzureFault("its answer is not one of Azure Key Vault");
      const { contentType, tags, expiresOn, notBefore, managed } = properties;
      return { value, isManaged: managed === true, traits: { contentType, tags, expiresOn, notBefore } };
    } catch (error) {
      return notFound(error, undefined);
    }
  }

  /** Adds a version, which becomes the current one. */
  async write(value: string, traits: VersionTraits): Promise<void> {
    const { expiresOn, notBefore } = traits;
    this.#times = {
      ...(expiresOn && { exp: seconds(expiresOn) }),
      ...(notBefore && { nbf: seconds(notBefore) }),
    };
    try {
      await this.#client.setSecret(this.#name, value, { ...traits });
    } catch (error) {
      throw azureFault(error);
    }
  }

  /** The SDK cuts times to 32 bits: from January 2038 on they would lie in the past. What it sends is put right. */
  #exactTimes(): Policy {
    return {
      name: "genesysSecretExactTimes",
      sendRequest: (request, next) => {
        if (request.method === "PUT" && typeof request.body === "string") {
          const body = JSON.parse(request.body);
          request.body = JSON.stringify({ ...body, attributes: { ...body.attributes, ...this.#times } });
        }
        return next(request);
      },
    };
  }

  /** Whether a deleted secret still holds the name. */
  async isSoftDeleted(): Promise<boolean> {
    try {
      await this.#client.getDeletedSecret(this.#name);
      return true;
    } catch (error) {
      const fault = azureFault(error);
      // Without soft delete, or the right to ask, it remains to be seen.
      if (fault.status === 403 || fault.status === 404 || fault.status === 400) return false;
      throw fault;
    }
  }

  /**
   * Whether these credentials may change the secret. There is no dry run; an update of a version that does not exist
   * is refused for the lack of rights, or else of the version, and changes nothing.
   */
  async mayWrite(): Promise<boolean> {
    try {
      await this.#client.updateSecretProperties(this.#name, NO_VERSION, {});
      return true;
    } catch (error) {
      const fault = azureFault(error);
      if (fault.status === 403) return false;
      if (fault.status === 404 || fault.status === 400) return true;
      throw fault;
    }
  }

  /** Deletes all versions; soft delete keeps them for the vault's retention time. */
  async delete(): Promise<void> {
    try {
      await this.#client.beginDeleteSecret(this.#name);
    } catch (error) {
      notFound(error, undefined);
    }
  }
}

function notFound<T>(error: unknown, otherwise: T): T {
  const fault = azureFault(error);
  if (fault.status === 404) return otherwise;
  throw fault;
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
