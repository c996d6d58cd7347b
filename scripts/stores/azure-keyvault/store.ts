import { bareValue } from "../bare-value";
import { HeldDocument, type StoredDocument } from "../document";
import { type Field, readField } from "../field";
import { OtherRuns } from "../other-runs";
import type { Store, StoreContext } from "../store";
import { badOption, type StoreUri } from "../uri";
import { VersionedSecret } from "./secret";

const DEFAULT_SUFFIX = "vault.azure.net";
/** No field of the document is larger. */
const FIELD_BYTES = 256;

/** `azure-keyvault:`, a secret whose value is the JSON document, or one bare field of it; each write adds a version. */
export function openStore(uri: StoreUri, context: StoreContext): Store {
  const suffix = uri.options.get("suffix") ?? DEFAULT_SUFFIX;
  if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/.test(suffix))
    throw badOption(uri, "the option suffix must be a domain such as vault.azure.cn");
  if (uri.options.has("field"))
    return new AzureValueStore(uri, new VersionedSecret(uri, suffix, undefined, context), readField(uri));
  return new AzureDocumentStore(uri, new VersionedSecret(uri, suffix, "application/json", context));
}

/** The whole document; other fields of it are kept. */
class AzureDocumentStore implements Store {
  readonly #otherRuns = new OtherRuns();

  constructor(
    readonly uri: StoreUri,
    readonly secret: VersionedSecret,
  ) {}

  async prepare(): Promise<void> {
    await this.secret.prepare((value) => {
      const held = HeldDocument.parse(value);
      this.#otherRuns.remember(held.document);
      return held.expectedBytes;
    });
  }

  async read(): Promise<StoredDocument | undefined> {
    return HeldDocument.parse((await this.secret.current())?.value).document;
  }

  async write(document: StoredDocument, over = false): Promise<void> {
    await this.secret.write((value) => {
      const held = HeldDocument.parse(value);
      if (!over) this.#otherRuns.assertNone(held.document, document);
      return held.with(document).text;
    });
  }

  async remove(clientId: string): Promise<boolean> {
    const held = HeldDocument.parse((await this.secret.current())?.value);
    if (!held.isOf(clientId)) return false;
    const { others } = held;
    if (others) await this.secret.write(() => others.text);
    else await this.secret.delete();
    return true;
  }

  async release(): Promise<void> {}
}

/** One bare value. It does not say whose it is, so it counts by Azure's acknowledgement, and nothing removes it. */
class AzureValueStore implements Store {
  constructor(
    readonly uri: StoreUri,
    readonly secret: VersionedSecret,
    readonly field: Field,
  ) {}

  async prepare(): Promise<void> {
    await this.secret.prepare(() => FIELD_BYTES);
  }

  async read(): Promise<undefined> {
    return undefined;
  }

  async write(document: StoredDocument): Promise<void> {
    await this.secret.write(() => bareValue(this.field, document));
  }

  async release(): Promise<void> {}
}
