import { bareValue } from "../bare-value";
import { HeldDocument, type StoredDocument } from "../document";
import { type Field, readField } from "../field";
import { OtherRuns } from "../other-runs";
import type { Store, StoreContext } from "../store";
import { badOption, type StoreUri } from "../uri";
import { PreviousVersions } from "./previous-versions";
import { faultOf, VersionedSecret } from "./secret";

/** No field of the document is larger. */
const FIELD_BYTES = 256;

/** `gcp-secretmanager:`, a secret whose latest version is the JSON document, or one bare field; each write adds a version. */
export function openStore(uri: StoreUri, context: StoreContext): Store {
  for (const name of ["create", "disable_previous"])
    if (uri.options.has(name) && uri.options.get(name) !== "true")
      throw badOption(uri, `the option ${name} must be "true"`);
  const locations = uri.options.get("locations")?.split(",") ?? [];
  if (locations.some((location) => !/^[a-z]+-[a-z0-9-]+$/.test(location)))
    throw badOption(uri, "the option locations must be regions, separated by commas, such as europe-west1");
  if (locations.length > 0 && !uri.options.has("create"))
    throw badOption(uri, "the option locations goes with create=true");
  if (locations.length > 0 && uri.target.length > 2)
    throw badOption(uri, "the option locations is not for a regional secret, which is where its name says");
  const isBare = uri.options.has("field");
  const secret = new VersionedSecret(uri, locations, !isBare, context);
  const previous = uri.options.has("disable_previous")
    ? new PreviousVersions(uri, secret, context.progress)
    : undefined;
  return isBare
    ? new GcpValueStore(uri, secret, previous, readField(uri))
    : new GcpDocumentStore(uri, secret, previous);
}

/** The whole document; other fields of it are kept. */
class GcpDocumentStore implements Store {
  readonly #otherRuns = new OtherRuns();

  constructor(
    readonly uri: StoreUri,
    readonly secret: VersionedSecret,
    readonly previous: PreviousVersions | undefined,
  ) {}

  async prepare(dryRun: boolean): Promise<void> {
    await this.secret.prepare(dryRun, (value) => {
      const held = HeldDocument.parse(value);
      this.#otherRuns.remember(held.document);
      return held.expectedBytes;
    });
  }

  async read(): Promise<StoredDocument | undefined> {
    return HeldDocument.parse((await this.secret.current())?.value).document;
  }

  async write(document: StoredDocument, over = false): Promise<void> {
    const base = await this.secret.base();
    const held = HeldDocument.parse(base.value);
    if (!over) this.#otherRuns.assertNone(held.document, document);
    const value = held.with(document).text;
    // The answer of an earlier try may have been lost: no need for a second version of the same.
    const isThere = base.replaced !== undefined && value === base.value;
    if (!isThere) await this.secret.add(value);
    await this.previous?.disable(base.replaced, isThere, document.clientId);
  }

  async remove(clientId: string): Promise<boolean> {
    const current = await this.secret.current();
    const held = HeldDocument.parse(current?.value);
    if (!current || !held.isOf(clientId)) return false;
    // The secret itself may belong to a stack; what it holds does not.
    if (held.others) await this.secret.add(held.others.text);
    else
      await (await this.secret.api()).destroy(current.number).catch((error) => {
        throw faultOf(error);
      });
    return true;
  }

  async release(): Promise<void> {}
}

/** One bare value. It does not say whose it is, so it counts by Google's acknowledgement, and nothing removes it. */
class GcpValueStore implements Store {
  /** The version that this run's takes the place of. */
  #replaced: number | undefined;

  constructor(
    readonly uri: StoreUri,
    readonly secret: VersionedSecret,
    readonly previous: PreviousVersions | undefined,
    readonly field: Field,
  ) {}

  async prepare(dryRun: boolean): Promise<void> {
    await this.secret.prepare(dryRun, () => FIELD_BYTES);
  }

  async read(): Promise<undefined> {
    return undefined;
  }

  async write(document: StoredDocument): Promise<void> {
    const { replaced, value } = await this.secret.base();
    const text = bareValue(this.field, document);
    // The answer of an earlier try may have been lost: no need for a second version of the same.
    if (replaced === undefined || value !== text) {
      this.#replaced = replaced;
      await this.secret.add(text);
    }
    await this.previous?.disable(this.#replaced, false, document.clientId);
  }

  async release(): Promise<void> {}
}
