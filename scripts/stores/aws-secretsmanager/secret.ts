import { randomUUID } from "node:crypto";
import { StoreFault, StoreNotReadyError } from "../../core/errors";
import { printable } from "../../core/printable";
import type { Creation } from "../aws/creation";
import { AwsFault, asNotReady } from "../aws/fault";
import { notReady, type StoreContext } from "../store";
import type { StoreUri } from "../uri";
import { CURRENT, NEW_SECRET, PENDING, SecretApi, type SecretState, STAGED } from "./api";
import { assertWritable } from "./readiness";

/** Ours, so that a rehearsal touches no stage that anybody reads. */
const REHEARSAL = "GENESYS_SECRET_REHEARSAL";
/** What becomes current where nothing is: AWS shows the first version whatever its stages are. */
const EMPTY = "{}";
const LARGEST_BYTES = 65_536;
/** What AWS answers to a move of a stage from a version that does not have it. */
const NOT_THERE = /^Invalid(Parameter|Request)Exception$/;

/** A version that this run has put there, or means to. */
export interface Version {
  readonly id: string;
  readonly text: string;
  /** Whether it is known to be there. */
  stored: boolean;
}

/** A secret of AWS, made ready and written a version at a time, whatever a version holds. */
export class VersionedSecret {
  readonly #uri: StoreUri;
  readonly #context: StoreContext;
  readonly creation: Creation | undefined;
  #opened: Promise<SecretApi> | undefined;

  constructor(uri: StoreUri, context: StoreContext, creation: Creation | undefined) {
    this.#uri = uri;
    this.#context = context;
    this.creation = creation;
  }

  api(): Promise<SecretApi> {
    this.#opened ??= SecretApi.open(this.#uri, this.#context).catch((error) => {
      this.#opened = undefined;
      throw error;
    });
    return this.#opened;
  }

  /**
   * Finds or creates it.
   * @param look sees what is current; returns how large that may become
   * @throws {StoreNotReadyError}
   */
  async prepare(dryRun: boolean, look: (text: string | null | undefined) => number): Promise<void> {
    try {
      const api = await this.api();
      const found = await this.#find(api, dryRun);
      if (!found && !(await this.#create(api, dryRun))) return;
      const state = found ?? (await api.describe()) ?? NEW_SECRET;
      assertWritable(this.#uri, state, api.region);
      if (state.rotated)
        this.#context.progress.warn(
          `${this.#uri.text}: Secrets Manager rotates this secret itself; two that rotate one secret overwrite each other`,
        );
      if (look(await this.current(state)) > LARGEST_BYTES)
        throw notReady(
          this.#uri,
          "there is no room left in its 64 KB",
          "Make it smaller, or name another secret, then run again.",
        );
    } catch (error) {
      throw asNotReady(this.#uri, error);
    }
  }

  /** @throws {StoreFault} when it is no longer there */
  async state(): Promise<SecretState> {
    const state = await (await this.api()).describe();
    if (!state || state.deleted) throw new StoreFault("it was deleted meanwhile");
    return state;
  }

  /** What the current version holds; see `SecretApi.value`. */
  async current({ current }: SecretState): Promise<string | null | undefined> {
    return current === undefined ? undefined : (await this.api()).value({ id: current });
  }

  /** The one write of a version, in a rehearsal and in earnest; a repetition of one changes nothing. */
  async put(version: Version, stage: string): Promise<void> {
    if (!version.stored) await (await this.api()).put(version.id, version.text, [stage]);
    version.stored = true;
  }

  /** Makes a version current. It fails when another than `from` has become current in between. */
  async makeCurrent(from: string | undefined, id: string): Promise<void> {
    await (await this.api()).moveStage(CURRENT, from, id);
  }

  /**
   * The calls that follow, with a version that nobody reads.
   * @param textIn what would be written, beside what is current
   * @param staged whether what is written becomes current by a call of its own
   * @throws {StoreNotReadyError}
   */
  async rehearse(textIn: (current: string | null | undefined) => string, staged: boolean): Promise<void> {
    try {
      const api = await this.api();
      const found = (await api.describe()) ?? NEW_SECRET;
      assertWritable(this.#uri, found, api.region);
      const text = textIn(await this.current(found));
      const current = found.current ?? (await this.#putFirst());
      const version = { id: randomUUID(), text, stored: false };
      await this.put(version, REHEARSAL);
      try {
        const read = await api.value({ id: version.id });
        if (read !== undefined && read !== text)
          throw new StoreFault("it gives back another value than it took");
        // The wrong way round, so that AWS refuses it for that reason, or for want of the permission.
        if (staged) await this.makeCurrent(version.id, current).catch(exceptNotThere);
      } finally {
        await this.#endRehearsal(api, version.id);
      }
    } catch (error) {
      throw asNotReady(this.#uri, error);
    }
  }

  /** Takes our stage off a version; left on the current one it does no harm, and moves on with the next run. */
  async unstage(id: string): Promise<void> {
    await (await this.api()).moveStage(STAGED, id, undefined).catch(() => {});
  }

  /** After the write: says who may not see the new version, or not for long. Never throws. */
  async lookAround(): Promise<void> {
    const api = await this.api();
    const state = await this.#synchronized(api).catch(() => undefined);
    if (state === undefined) return;
    // AWSPENDING must not stay behind what is current, or AWS takes a rotation that has ended for one under way.
    if (state.ended !== undefined) await api.moveStage(PENDING, state.ended, undefined).catch(() => {});
    for (const { region, status } of state.replicas)
      if (status !== IN_SYNC)
        this.#context.progress.warn(
          `${this.#uri.text}: its replica in ${printable(region)} does not have the new secret (${printable(status)}); ` +
            "who reads it there has the old one, which is invalid",
        );
    if (state.foreign !== undefined)
      this.#context.progress.warn(
        `${this.#uri.text}: another rotation has begun meanwhile (version ${printable(state.foreign)} is AWSPENDING); ` +
          "when it ends, it takes the place of the new secret",
      );
  }

  /** Its state, when its replicas have had a moment to follow. */
  async #synchronized(api: SecretApi): Promise<SecretState | undefined> {
    for (let look = 1; ; look++) {
      const state = await api.describe();
      if (look === MOST_LOOKS || !state?.replicas.some(({ status }) => status === "InProgress")) return state;
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_LOOKS_MS));
    }
  }

  /** Undefined when there is no such secret. */
  async #find(api: SecretApi, dryRun: boolean): Promise<SecretState | undefined> {
    try {
      return await api.describe();
    } catch (error) {
      // A policy for one secret may not cover the bare name of what is not there; whether it is, creating it tells.
      if (error instanceof AwsFault && error.kind === "denied" && this.creation && !dryRun) return undefined;
      throw error;
    }
  }

  /** @returns whether it is there now */
  async #create(api: SecretApi, dryRun: boolean): Promise<boolean> {
    if (!this.creation)
      throw notReady(
        this.#uri,
        `there is no such secret in ${api.region}`,
        "Create it, correct the name or the region, or have it created with the option create=true.",
      );
    if (dryRun) this.#say(`is not there; a run would create it in ${api.region}`);
    else if (await api.create(this.creation)) this.#say(`created in ${api.region}, still empty`);
    return !dryRun;
  }

  /** @returns the id of a version that holds nothing, which is current */
  async #putFirst(): Promise<string> {
    const first = { id: randomUUID(), text: EMPTY, stored: false };
    await this.put(first, CURRENT);
    return first.id;
  }

  async #endRehearsal(api: SecretApi, id: string): Promise<void> {
    try {
      await api.moveStage(REHEARSAL, id, undefined);
    } catch (error) {
      // Left there it does no harm, and moves on with the next rehearsal.
      if (!(error instanceof AwsFault && NOT_THERE.test(error.code))) return;
      // It is on another version by now, which only another run's rehearsal can have put there.
      throw new StoreNotReadyError(
        `The store ${printable(this.#uri.text)} is being made ready by another run.`,
        "Wait until it has ended, then run again.",
        "ERR_STORE_LOCKED",
      );
    }
  }

  #say(line: string): void {
    this.#context.progress.info(`${this.#uri.text}: ${line}`);
  }
}

const IN_SYNC = "InSync";
const MOST_LOOKS = 5;
const BETWEEN_LOOKS_MS = 1_000;

function exceptNotThere(error: unknown): void {
  if (!(error instanceof AwsFault && NOT_THERE.test(error.code))) throw error;
}
