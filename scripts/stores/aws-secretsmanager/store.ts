import { randomUUID } from "node:crypto";
import { StoreFault } from "../../core/errors";
import { regionOption } from "../aws/client-config";
import { readCreation } from "../aws/creation";
import { bareValue } from "../bare-value";
import { HeldDocument, type StoredDocument } from "../document";
import { type Field, readField } from "../field";
import { OtherRuns } from "../other-runs";
import type { Store, StoreContext } from "../store";
import { badOption, type StoreUri } from "../uri";
import { CURRENT, STAGED } from "./api";
import { regionOfArn } from "./grammar";
import { type Version, VersionedSecret } from "./secret";

const EMPTY = "{}";
/** No field of the document is larger. */
const FIELD_BYTES = 256;

/** `aws-secretsmanager:`, a secret that holds the JSON document, or one bare field of it. */
export function openStore(uri: StoreUri, context: StoreContext): Store {
  const arnRegion = regionOfArn(uri.target as string);
  const region = regionOption(uri);
  if (arnRegion !== undefined && region !== undefined && arnRegion !== region)
    throw badOption(uri, "the option region and the ARN say different things");
  const creation = readCreation(uri);
  if (arnRegion !== undefined && creation)
    throw badOption(uri, "what has an ARN exists, so it needs no option create");
  const secret = new VersionedSecret(uri, context, creation);
  return uri.options.has("field")
    ? new SecretsManagerValueStore(uri, secret, readField(uri))
    : new SecretsManagerStore(uri, secret);
}

/** The whole document, staged until it was seen to log in. */
class SecretsManagerStore implements Store {
  readonly #otherRuns = new OtherRuns();
  /** What `promote` makes current: what was written last, or adopted from a run that was interrupted. */
  #staged: { document: StoredDocument; version: Version; written: boolean } | undefined;

  constructor(
    readonly uri: StoreUri,
    readonly secret: VersionedSecret,
  ) {}

  async prepare(dryRun: boolean): Promise<void> {
    await this.secret.prepare(dryRun, (text) => {
      const held = HeldDocument.parse(text);
      this.#otherRuns.remember(held.document);
      return held.expectedBytes;
    });
  }

  async rehearse(document: StoredDocument): Promise<void> {
    await this.secret.rehearse((text) => HeldDocument.parse(text).with(document).text, true);
  }

  async read(): Promise<StoredDocument | undefined> {
    const api = await this.secret.api();
    if (!this.#staged?.written) return HeldDocument.parse(await api.value({ stage: CURRENT })).document;
    // By its id and not by its stage: the version of whoever logs in must be read back, whoever staged last.
    const text = await api.value({ id: this.#staged.version.id });
    if (text === undefined) throw new StoreFault("the new version is not to be seen yet");
    return HeldDocument.parse(text).document;
  }

  async readStaged(): Promise<StoredDocument | undefined> {
    const api = await this.secret.api();
    const state = await api.describe();
    if (!state?.staged || state.staged === state.current) return undefined;
    const text = await api.value({ id: state.staged });
    const document = HeldDocument.documentIn(text);
    if (!text || !document) return undefined;
    this.#staged = { document, version: { id: state.staged, text, stored: true }, written: false };
    return document;
  }

  async write(document: StoredDocument): Promise<void> {
    await this.#stage(document);
    if (this.#staged) this.#staged.written = true;
  }

  async promote(over = false): Promise<void> {
    if (!this.#staged) return;
    // Once more, because others may have changed their fields since: then this makes a version that has both.
    const { document } = this.#staged;
    const { version, current, held } = await this.#stage(document);
    if (!over) this.#otherRuns.assertNone(held, document);
    // Named, so that AWS refuses when another version has become current in between.
    if (current !== version.id) await this.secret.makeCurrent(current, version.id);
    this.#otherRuns.remember(document);
    this.#staged = undefined;
    await this.secret.unstage(version.id);
    await this.secret.lookAround();
  }

  async remove(clientId: string): Promise<boolean> {
    const api = await this.secret.api();
    const state = await api.describe();
    if (!state || state.deleted) return false;
    const held = HeldDocument.parse(await this.secret.current(state));
    const staged = state.staged && HeldDocument.documentIn(await api.value({ id: state.staged }));
    if (!held.isOf(clientId) && !(staged && staged.clientId === clientId)) return false;
    // Who has created the secret deletes it; one that was there before is only emptied.
    if (this.secret.creation && held.others === undefined) await api.delete();
    else await api.put(randomUUID(), held.others?.text ?? EMPTY, [CURRENT, ...(staged ? [STAGED] : [])]);
    return true;
  }

  async release(): Promise<void> {}

  /** Puts the document beside what others keep in the current version, unless the very same is staged already. */
  async #stage(
    document: StoredDocument,
  ): Promise<{ version: Version; current: string | undefined; held: StoredDocument | undefined }> {
    const state = await this.secret.state();
    const held = HeldDocument.parse(await this.secret.current(state));
    const text = held.with(document).text;
    const before = this.#staged?.version;
    // A try whose answer was lost is repeated under its own id, which AWS takes for the same version.
    const version = before?.text === text ? before : { id: randomUUID(), text, stored: false };
    this.#staged = { document, version, written: this.#staged?.written ?? false };
    await this.secret.put(version, STAGED);
    return { version, current: state.current, held: held.document };
  }
}

/** One bare value, current at once. It does not say whose it is, so it counts by AWS's acknowledgement. */
class SecretsManagerValueStore implements Store {
  #version: Version | undefined;

  constructor(
    readonly uri: StoreUri,
    readonly secret: VersionedSecret,
    readonly field: Field,
  ) {}

  async prepare(dryRun: boolean): Promise<void> {
    await this.secret.prepare(dryRun, () => FIELD_BYTES);
  }

  async rehearse(document: StoredDocument): Promise<void> {
    await this.secret.rehearse(() => bareValue(this.field, document), false);
  }

  async read(): Promise<undefined> {
    return undefined;
  }

  async write(document: StoredDocument): Promise<void> {
    const text = bareValue(this.field, document);
    if (this.#version?.text !== text) this.#version = { id: randomUUID(), text, stored: false };
    await this.secret.put(this.#version, CURRENT);
    await this.secret.lookAround();
  }

  async release(): Promise<void> {}
}
