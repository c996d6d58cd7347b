import type { ParameterTier } from "@aws-sdk/client-ssm";
import { StoreFault, StoreNotReadyError } from "../../core/errors";
import { printable } from "../../core/printable";
import { regionOption } from "../aws/client-config";
import { type Creation, readCreation } from "../aws/creation";
import { asNotReady } from "../aws/fault";
import { notReady, type StoreContext } from "../store";
import { badOption, type StoreUri } from "../uri";
import { ParameterApi, type ParameterTraits, type ParameterValue } from "./api";

const STANDARD_BYTES = 4_096;
const ADVANCED_BYTES = 8_192;
const TIERS: Readonly<Record<string, ParameterTier>> = {
  standard: "Standard",
  advanced: "Advanced",
  "intelligent-tiering": "Intelligent-Tiering",
};
/** What a parameter holds from its creation until the first secret: AWS knows no empty one. */
const EMPTY = "{}";

/** What a store means to keep in the parameter. */
export interface Intention {
  /**
   * An example of what will be stored, as to its size and its shape, with no secret in it.
   * @throws {StoreFault} when what is there cannot be kept beside it
   */
  example(held: string | undefined): { text: string; bytes: number };
}

/** A SecureString, made ready and replaced. */
export class Parameter {
  readonly #uri: StoreUri;
  readonly #context: StoreContext;
  readonly creation: Creation | undefined;
  readonly #tier: ParameterTier | undefined;
  #opened: Promise<ParameterApi> | undefined;
  #traits: ParameterTraits | undefined;
  /** Whether this run has created it; AWS may not show it at once. */
  #isCreated = false;
  /** Number of the version that was written last. */
  #written = 0;

  /** @throws {StoreUriError} when an option does not fit */
  constructor(uri: StoreUri, context: StoreContext) {
    this.#uri = uri;
    this.#context = context;
    this.creation = readCreation(uri);
    regionOption(uri);
    const tier = uri.options.get("tier");
    if (tier !== undefined && !Object.hasOwn(TIERS, tier))
      throw badOption(uri, `the option tier must be one of ${Object.keys(TIERS).join(", ")}`);
    this.#tier = tier === undefined ? undefined : TIERS[tier];
  }

  /** @throws {StoreNotReadyError} */
  async prepare(dryRun: boolean, intention: Intention): Promise<void> {
    try {
      const api = await this.#api();
      const held = await api.value();
      if (held) await this.#prepareHeld(api, held, intention);
      else await this.#prepareAbsent(api, dryRun, intention);
    } catch (error) {
      throw asNotReady(this.#uri, error);
    }
  }

  /**
   * Writes the present value once more, by the call that `write` makes: readers see nothing of it.
   * @throws {StoreNotReadyError} when it is refused, or another run writes it at the same time
   */
  async rehearse(): Promise<void> {
    try {
      const api = await this.#api();
      const held = await api.value();
      if (!held && !this.#isCreated) throw new StoreFault("it was deleted meanwhile");
      const number = await this.#put(held?.text ?? EMPTY);
      if (held && number > held.version + 1) await this.#giveBack(api, number - 1);
    } catch (error) {
      throw asNotReady(this.#uri, error);
    }
  }

  /** The value; undefined when there is none. @throws {StoreFault} */
  async read(): Promise<string | undefined> {
    const held = await (await this.#api()).value();
    if ((held?.version ?? 0) < this.#written) throw new StoreFault("the new version is not to be seen yet");
    return held?.text;
  }

  /** @throws {StoreFault} */
  async write(text: string): Promise<void> {
    this.#written = await this.#put(text);
  }

  /** @throws {StoreFault} */
  async delete(): Promise<void> {
    await (await this.#api()).delete();
  }

  #api(): Promise<ParameterApi> {
    this.#opened ??= ParameterApi.open(this.#uri, this.#context).catch((error) => {
      this.#opened = undefined;
      throw error;
    });
    return this.#opened;
  }

  /** The one write of a value, in a rehearsal and in earnest. @returns the number of the new version */
  async #put(text: string): Promise<number> {
    const api = await this.#api();
    this.#traits ??= await api.traits();
    const limit = limitOf(this.#traits.tier);
    const bytes = Buffer.byteLength(text);
    if (bytes > limit) throw new StoreFault(`${bytes} bytes do not fit into the ${limit} of its tier`);
    return api.put(text, this.#traits);
  }

  /** AWS has no compare-and-set here: what another wrote between our reading and our rehearsal is put back. */
  async #giveBack(api: ParameterApi, number: number): Promise<never> {
    const theirs = await api.value(number);
    if (theirs) await this.#put(theirs.text);
    throw new StoreNotReadyError(
      `The store ${printable(this.#uri.text)} is being written by another run; what it wrote was put back.`,
      "Wait until it has ended, then run again.",
      "ERR_STORE_LOCKED",
    );
  }

  async #prepareHeld(api: ParameterApi, held: ParameterValue, intention: Intention): Promise<void> {
    if (held.type !== "SecureString")
      throw notReady(
        this.#uri,
        `it is a ${held.type}, which AWS does not encrypt and never turns into a SecureString`,
        "Delete it or name another parameter, then run again.",
      );
    const traits = await api.traits();
    const { text, bytes } = intention.example(held.text);
    this.#refuseTooLarge(bytes, traits.tier);
    if (traits.allowedPattern !== undefined && !fits(text, traits.allowedPattern))
      throw notReady(
        this.#uri,
        "its allowed pattern does not let in what would be stored",
        "Remove the pattern or name another parameter, then run again.",
      );
    if (traits.expires !== undefined)
      this.#context.progress.warn(
        `${this.#uri.text}: a policy of the parameter deletes it at ${printable(traits.expires)}, and the secret with it`,
      );
    this.#traits = traits;
  }

  async #prepareAbsent(api: ParameterApi, dryRun: boolean, intention: Intention): Promise<void> {
    if (!this.creation)
      throw notReady(
        this.#uri,
        `there is no such parameter in ${api.region}`,
        "Create it, correct the name or the region, or have it created with the option create=true.",
      );
    this.#refuseTooLarge(intention.example(undefined).bytes, this.#tier);
    if (dryRun) return this.#say(`is not there; a run would create it in ${api.region}`);
    if (!(await api.create(EMPTY, this.creation, this.#tier))) {
      // It is what that one has made it, its type and its key included.
      const theirs = await api.value();
      if (theirs) return this.#prepareHeld(api, theirs, intention);
    }
    this.#isCreated = true;
    this.#say(`created in ${api.region}, with ${EMPTY} in it`);
    this.#traits = { keyId: this.creation.KmsKeyId, tier: this.#tier };
  }

  #refuseTooLarge(bytes: number, tier: ParameterTier | undefined): void {
    const limit = limitOf(tier);
    if (bytes <= limit) return;
    throw notReady(
      this.#uri,
      `the document may have ${bytes} bytes, and its tier holds ${limit}`,
      "Make it smaller, raise the parameter's tier to Advanced, or name another, then run again.",
    );
  }

  #say(line: string): void {
    this.#context.progress.info(`${this.#uri.text}: ${line}`);
  }
}

/** The account's own default is not known; the smaller limit is safe. */
function limitOf(tier: ParameterTier | undefined): number {
  return tier === "Advanced" || tier === "Intelligent-Tiering" ? ADVANCED_BYTES : STANDARD_BYTES;
}

/** AWS matches with Java's dialect; a pattern that JavaScript cannot read proves nothing and is let through. */
function fits(text: string, pattern: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, "s").test(text);
  } catch {
    return true;
  }
}
