import { StoreFault, StoreNotReadyError } from "../../core/errors";
import { notReady, type StoreContext } from "../store";
import type { StoreUri } from "../uri";
import type { CurrentSecret, VaultSecret, VersionTraits } from "./api";
import { AzureFault } from "./fault";

/** Of a secret's value. */
const LARGEST_VALUE_BYTES = 25 * 1024;
const DAY_MS = 86_400_000;

/** A secret of a vault, made ready and written a version at a time, whatever a version holds. */
export class VersionedSecret {
  readonly #uri: StoreUri;
  readonly #context: StoreContext;
  readonly #vault: string;
  readonly #name: string;
  readonly #url: string;
  /** Of a secret that is new; one that exists keeps its own. */
  readonly #contentType: string | undefined;
  #opened: Promise<VaultSecret> | undefined;

  constructor(uri: StoreUri, suffix: string, contentType: string | undefined, context: StoreContext) {
    this.#uri = uri;
    this.#context = context;
    [this.#vault, this.#name] = uri.target as unknown as [string, string];
    this.#url = `https://${this.#vault}.${suffix}`;
    this.#contentType = contentType;
  }

  /**
   * @param look sees the current value; returns how large that may become
   * @throws {StoreNotReadyError}
   */
  async prepare(look: (value: string | undefined) => number): Promise<void> {
    try {
      const secret = await this.#secret();
      const current = await secret.read();
      if (current?.isManaged)
        throw this.#notReady(
          "it belongs to a certificate of the vault, which writes it itself",
          "Name another secret, then run again.",
        );
      if (look(current?.value) > LARGEST_VALUE_BYTES)
        throw this.#notReady("what others keep in it leaves no room", "Name another secret, then run again.");
      if (current) this.#assertInForce(current.traits);
      else if (await secret.isSoftDeleted())
        throw this.#notReady(
          "a deleted secret still holds its name",
          `Recover it with \`az keyvault secret recover ${this.#named}\`, purge it, or name another.`,
        );
      if (!(await secret.mayWrite())) throw this.#forbidden("set and update");
    } catch (error) {
      throw this.#asNotReady(error);
    }
  }

  /** The current version. @throws {StoreFault} */
  async current(): Promise<CurrentSecret | undefined> {
    try {
      return await (await this.#secret()).read();
    } catch (error) {
      throw faultOf(error);
    }
  }

  /**
   * Adds a version; what the current one has besides its value stays.
   * @param textIn the new value, beside the current one
   * @throws {StoreFault}
   */
  async write(textIn: (value: string | undefined) => string): Promise<void> {
    const current = await this.current();
    const value = textIn(current?.value);
    // The answer of an earlier try may have been lost: no need for a second version of the same.
    if (value === current?.value) return;
    try {
      await (await this.#secret()).write(value, current?.traits ?? { contentType: this.#contentType });
    } catch (error) {
      throw faultOf(error);
    }
  }

  /** @throws {StoreFault} */
  async delete(): Promise<void> {
    try {
      await (await this.#secret()).delete();
    } catch (error) {
      throw faultOf(error);
    }
  }

  #secret(): Promise<VaultSecret> {
    this.#opened ??= this.#open();
    return this.#opened;
  }

  async #open(): Promise<VaultSecret> {
    // The SDK reads it once, when it is loaded, and would log its requests.
    delete process.env.AZURE_LOG_LEVEL;
    const { VaultSecret } = await import("./api");
    return new VaultSecret(this.#url, this.#name, this.#context, this.#uri.text);
  }

  /** The new version gets the same dates: outside them its readers may be refused. */
  #assertInForce({ expiresOn, notBefore }: VersionTraits): void {
    const now = Date.now();
    if (expiresOn !== undefined && expiresOn.getTime() <= now)
      throw this.#notReady(
        `its current version expired at ${instant(expiresOn)}, and a new one would have the same date`,
        `Set another, such as \`${this.#set} --expires ${instant(new Date(now + 365 * DAY_MS))}\`, then run again.`,
      );
    if (notBefore !== undefined && notBefore.getTime() > now)
      throw this.#notReady(
        `its current version is valid only from ${instant(notBefore)} on, and a new one would have the same date`,
        `Set another, such as \`${this.#set} --not-before ${instant(new Date(now))}\`, then run again.`,
      );
  }

  get #named(): string {
    return `--vault-name ${this.#vault} --name ${this.#name}`;
  }

  get #set(): string {
    return `az keyvault secret set-attributes ${this.#named}`;
  }

  #notReady(reason: string, remedy: string): StoreNotReadyError {
    return notReady(this.#uri, reason, remedy);
  }

  #forbidden(rights: string, answer?: string): StoreNotReadyError {
    return this.#notReady(
      `the credentials may not ${rights} the secret ${this.#name} of the vault ${this.#vault}${answer ? ` (${answer})` : ""}`,
      "Grant the role Key Vault Secrets Officer on it, or the access policy's get and set; and let the vault's firewall through.",
    );
  }

  #asNotReady(error: unknown): Error {
    if (error instanceof StoreNotReadyError) return error;
    if (error instanceof AzureFault && error.credentials)
      return this.#notReady(
        error.message,
        "Sign in to Azure, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, then run again.",
      );
    if (error instanceof AzureFault && error.word === "SecretDisabled")
      return this.#notReady(
        "its current version is disabled, and what others keep in it cannot be read",
        `Enable it with \`${this.#set} --enabled true\`, or name another secret, then run again.`,
      );
    if (error instanceof AzureFault && error.status === 403) return this.#forbidden("get", error.message);
    return this.#notReady(faultOf(error).message, "Correct that, then run again.");
  }
}

/** As `az` takes it. */
function instant(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, "Z");
}

function faultOf(error: unknown): StoreFault {
  if (error instanceof StoreFault) return error;
  if (error instanceof AzureFault) return new StoreFault(error.message, error.retryAfterMs);
  return new StoreFault("it failed for an unforeseen reason");
}
