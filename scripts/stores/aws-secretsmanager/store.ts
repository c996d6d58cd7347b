import { randomUUID } from "node:crypto";
import { StoreFault, StoreNotReadyError } from "../../core/errors";
import { regionOption } from "../aws/client-config";
import { type Creation, readCreation } from "../aws/creation";
import { AwsFault, asNotReady } from "../aws/fault";
import { HeldDocument, type StoredDocument } from "../document";
import { OtherRuns } from "../other-runs";
import { notReady, type Store, type StoreContext } from "../store";
import { badOption, type StoreUri } from "../uri";
import { NEW_SECRET, SecretApi, type SecretState } from "./api";
import { regionOfArn } from "./grammar";
import { assertWritable } from "./readiness";

const CURRENT = "AWSCURRENT";
const PENDING = "AWSPENDING";
/** Ours, so that a rehearsal touches no stage that anybody reads. */
const REHEARSAL = "GENESYS_SECRET_REHEARSAL";
const EMPTY = "{}";
const LARGEST_BYTES = 65_536;

/** `aws-secretsmanager:`, a JSON document in a secret, staged AWSPENDING until it was seen to log in. */
export function openStore(uri: StoreUri, context: StoreContext): Store {
  const arnRegion = regionOfArn(uri.target as string);
  const region = regionOption(uri);
  if (arnRegion !== undefined && region !== undefined && arnRegion !== region)
    throw badOption(uri, "the option region and the ARN say different things");
  const creation = readCreation(uri);
  if (arnRegion !== undefined && creation)
    throw badOption(uri, "what has an ARN exists, so it needs no option create");
  return new SecretsManagerStore(uri, context, creation);
}

/** A version that this run has put there, or means to. */
interface Version {
  readonly id: string;
  readonly text: string;
  /** Whether it is known to be there. */
  stored: boolean;
}

class SecretsManagerStore implements Store {
  readonly uri: StoreUri;
  readonly #context: StoreContext;
  readonly #creation: Creation | undefined;
  readonly #otherRuns = new OtherRuns();
  #opened: Promise<SecretApi> | undefined;
  /** What `promote` makes current: what was written last, or adopted from a run that broke off. */
  #staged: { document: StoredDocument; version: Version; written: boolean } | undefined;

  constructor(uri: StoreUri, context: StoreContext, creation: Creation | undefined) {
    this.uri = uri;
    this.#context = context;
    this.#creation = creation;
  }

  async prepare(dryRun: boolean): Promise<void> {
    try {
      const api = await this.#api();
      const found = await this.#find(api, dryRun);
      if (!found && !(await this.#create(api, dryRun))) return;
      const state = found ?? (await api.describe()) ?? NEW_SECRET;
      assertWritable(this.uri, state, api.region);
      this.#warnOfRotation(state);
      const { document, expectedBytes } = await this.#current(api, state);
      this.#otherRuns.remember(document);
      if (expectedBytes > LARGEST_BYTES)
        throw notReady(
          this.uri,
          "there is no room left in its 64 KB",
          "Make it smaller, or name another secret, then run again.",
        );
      if (dryRun) this.#say("whether it may be written shows in a real run only: AWS offers no dry run");
      else await this.#rehearse(api);
    } catch (error) {
      throw asNotReady(this.uri, error);
    }
  }

  async read(): Promise<StoredDocument | undefined> {
    const api = await this.#api();
    if (!this.#staged?.written) return HeldDocument.parse(await api.value({ stage: CURRENT })).document;
    // By its id and not by its stage: the version of whoever logs in must be read back, whoever staged last.
    const text = await api.value({ id: this.#staged.version.id });
    if (text === undefined) throw new StoreFault("the new version is not to be seen yet");
    return HeldDocument.parse(text).document;
  }

  async readStaged(): Promise<StoredDocument | undefined> {
    const api = await this.#api();
    const state = await api.describe();
    if (!state?.pending || state.pending === state.current) return undefined;
    const text = await api.value({ id: state.pending });
    const document = HeldDocument.documentIn(text);
    if (!text || !document) return undefined;
    this.#staged = { document, version: { id: state.pending, text, stored: true }, written: false };
    return document;
  }

  async write(document: StoredDocument): Promise<void> {
    await this.#stage(await this.#api(), document);
    if (this.#staged) this.#staged.written = true;
  }

  async promote(over = false): Promise<void> {
    if (!this.#staged) return;
    const api = await this.#api();
    // Once more, because others may have changed their fields since: then this makes a version that has both.
    const { document } = this.#staged;
    const { version, current, held } = await this.#stage(api, document);
    if (!over) this.#otherRuns.assertNone(held, document);
    // Named, so that AWS refuses when another version has become current in between.
    if (current !== version.id) await api.moveStage(CURRENT, current, version.id);
    this.#otherRuns.remember(document);
    this.#staged = undefined;
  }

  async remove(clientId: string): Promise<boolean> {
    const api = await this.#api();
    const state = await api.describe();
    if (!state || state.deleted) return false;
    const held = await this.#current(api, state);
    const staged = state.pending && HeldDocument.documentIn(await api.value({ id: state.pending }));
    if (!held.isOf(clientId) && !(staged && staged.clientId === clientId)) return false;
    // Who has created the secret deletes it; one that was there before is only emptied.
    if (this.#creation && held.others === undefined) await api.delete();
    else await api.put(randomUUID(), held.others?.text ?? EMPTY, [CURRENT, PENDING]);
    return true;
  }

  async release(): Promise<void> {}

  #api(): Promise<SecretApi> {
    this.#opened ??= SecretApi.open(this.uri, this.#context).catch((error) => {
      this.#opened = undefined;
      throw error;
    });
    return this.#opened;
  }

  /** Undefined when there is no such secret. */
  async #find(api: SecretApi, dryRun: boolean): Promise<SecretState | undefined> {
    try {
      return await api.describe();
    } catch (error) {
      // A policy for one secret may not cover the bare name of what is not there; whether it is, creating it tells.
      if (error instanceof AwsFault && error.kind === "denied" && this.#creation && !dryRun) return undefined;
      throw error;
    }
  }

  /** @returns whether it is there now */
  async #create(api: SecretApi, dryRun: boolean): Promise<boolean> {
    if (!this.#creation)
      throw notReady(
        this.uri,
        `there is no such secret in ${api.region}`,
        "Create it, correct the name or the region, or have it created with the option create=true.",
      );
    if (dryRun) this.#say(`is not there; a run would create it in ${api.region}`);
    else if (await api.create(this.#creation)) this.#say(`created in ${api.region}, still empty`);
    return !dryRun;
  }

  /** The calls that `write` and `promote` will make, with a version that holds nothing and that nobody reads. */
  async #rehearse(api: SecretApi): Promise<void> {
    const id = randomUUID();
    await api.put(id, EMPTY, [REHEARSAL]);
    try {
      await api.moveStage(REHEARSAL, id, undefined);
    } catch (error) {
      // The stage is on another version by now, which only another run's rehearsal can have put there.
      if (!(error instanceof AwsFault && error.code === "InvalidParameterException")) throw error;
      throw new StoreNotReadyError(
        `The store ${this.uri.text} is being made ready by another run.`,
        "Wait until it has ended, then run again.",
        "ERR_STORE_LOCKED",
      );
    }
  }

  #warnOfRotation({ rotated, pending, current }: SecretState): void {
    if (!rotated) return;
    const busy = pending !== undefined && pending !== current;
    this.#context.progress.warn(
      `${this.uri.text}: Secrets Manager rotates this secret itself${busy ? ", and may be doing so now" : ""}; ` +
        "two that rotate one secret overwrite each other",
    );
  }

  async #current(api: SecretApi, { current }: SecretState): Promise<HeldDocument> {
    return HeldDocument.parse(current === undefined ? undefined : await api.value({ id: current }));
  }

  /** Puts the document beside what others keep in the current version, unless the very same is staged already. */
  async #stage(
    api: SecretApi,
    document: StoredDocument,
  ): Promise<{ version: Version; current: string | undefined; held: StoredDocument | undefined }> {
    const state = await api.describe();
    if (!state || state.deleted) throw new StoreFault("it was deleted meanwhile");
    const held = await this.#current(api, state);
    const text = held.with(document).text;
    const before = this.#staged?.version;
    // A try whose answer was lost is repeated under its own id, which AWS takes for the same version.
    const version = before?.text === text ? before : { id: randomUUID(), text, stored: false };
    this.#staged = { document, version, written: this.#staged?.written ?? false };
    if (!version.stored) await api.put(version.id, text, [PENDING]);
    version.stored = true;
    return { version, current: state.current, held: held.document };
  }

  #say(line: string): void {
    this.#context.progress.info(`${this.uri.text}: ${line}`);
  }
}
