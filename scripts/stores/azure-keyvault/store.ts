import { StoreFault, StoreNotReadyError } from "../../core/errors";
import { HeldDocument, type StoredDocument } from "../document";
import { OtherRuns } from "../other-runs";
import { notReady, type Store, type StoreContext } from "../store";
import { badOption, type StoreUri } from "../uri";
import type { VaultSecret } from "./api";
import { AzureFault } from "./fault";

const DEFAULT_SUFFIX = "vault.azure.net";
/** Of a secret's value. */
const LARGEST_VALUE_BYTES = 25 * 1024;

/** `azure-keyvault:`, a secret whose value is the JSON document; each write adds a version. */
export function openStore(uri: StoreUri, context: StoreContext): Store {
  const suffix = uri.options.get("suffix") ?? DEFAULT_SUFFIX;
  if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/.test(suffix))
    throw badOption(uri, "the option suffix must be a domain such as vault.azure.cn");
  return new AzureKeyVaultStore(uri, suffix, context);
}

class AzureKeyVaultStore implements Store {
  readonly uri: StoreUri;
  readonly #context: StoreContext;
  readonly #vault: string;
  readonly #name: string;
  readonly #url: string;
  readonly #otherRuns = new OtherRuns();
  #opened: Promise<VaultSecret> | undefined;

  constructor(uri: StoreUri, suffix: string, context: StoreContext) {
    this.uri = uri;
    this.#context = context;
    [this.#vault, this.#name] = uri.target as unknown as [string, string];
    this.#url = `https://${this.#vault}.${suffix}`;
  }

  async prepare(): Promise<void> {
    try {
      const secret = await this.#secret();
      const current = await secret.read();
      const held = HeldDocument.parse(current?.value);
      this.#otherRuns.remember(held.document);
      if (held.expectedBytes > LARGEST_VALUE_BYTES)
        throw notReady(
          this.uri,
          "what others keep in it leaves no room",
          "Name another secret, then run again.",
        );
      if (!current && (await secret.isSoftDeleted())) {
        throw notReady(
          this.uri,
          "a deleted secret still holds its name",
          `Recover it with \`az keyvault secret recover --vault-name ${this.#vault} --name ${this.#name}\`, purge it, or name another.`,
        );
      }
      if (!(await secret.mayWrite())) throw this.#forbidden("set and update");
    } catch (error) {
      if (error instanceof StoreNotReadyError) throw error;
      if (error instanceof AzureFault && error.credentials)
        throw notReady(
          this.uri,
          error.message,
          "Sign in to Azure, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, then run again.",
        );
      if (error instanceof AzureFault && error.status === 403) throw this.#forbidden("get", error.message);
      throw notReady(this.uri, faultOf(error).message, "Mend that, then run again.");
    }
  }

  async read(): Promise<StoredDocument | undefined> {
    try {
      return HeldDocument.parse((await (await this.#secret()).read())?.value).document;
    } catch (error) {
      throw faultOf(error);
    }
  }

  async write(document: StoredDocument, over = false): Promise<void> {
    try {
      const secret = await this.#secret();
      const current = await secret.read();
      const held = HeldDocument.parse(current?.value);
      if (!over) this.#otherRuns.assertNone(held.document, document);
      const value = held.with(document).text;
      // The answer of an earlier try may have been lost: no need for a second version of the same.
      if (value !== current?.value) await secret.write(value, current?.tags);
    } catch (error) {
      throw faultOf(error);
    }
  }

  async remove(clientId: string): Promise<boolean> {
    try {
      const secret = await this.#secret();
      const current = await secret.read();
      const held = HeldDocument.parse(current?.value);
      if (!held.isOf(clientId)) return false;
      if (held.others) await secret.write(held.others.text, current?.tags);
      else await secret.delete();
      return true;
    } catch (error) {
      throw faultOf(error);
    }
  }

  async release(): Promise<void> {}

  #secret(): Promise<VaultSecret> {
    this.#opened ??= this.#open();
    return this.#opened;
  }

  async #open(): Promise<VaultSecret> {
    // The SDK reads it once, when it is loaded, and would log its requests.
    delete process.env.AZURE_LOG_LEVEL;
    const { VaultSecret } = await import("./api");
    return new VaultSecret(this.#url, this.#name, this.#context, this.uri.text);
  }

  #forbidden(rights: string, answer?: string): StoreNotReadyError {
    return notReady(
      this.uri,
      `the credentials may not ${rights} the secret ${this.#name} of the vault ${this.#vault}${answer ? ` (${answer})` : ""}`,
      "Grant the role Key Vault Secrets Officer on it, or the access policy's get and set; and let the vault's firewall through.",
    );
  }
}

function faultOf(error: unknown): StoreFault {
  if (error instanceof StoreFault) return error;
  return new StoreFault(error instanceof AzureFault ? error.message : "it failed for an unforeseen reason");
}
