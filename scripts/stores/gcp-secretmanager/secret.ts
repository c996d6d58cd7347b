import { StoreFault, StoreNotReadyError } from "../../core/errors";
import { printable } from "../../core/printable";
import { notReady, type StoreContext } from "../store";
import type { StoreUri } from "../uri";
import { type Right, SecretResource, type SecretVersion } from "./api";
import { DisabledVersionFault, GoogleCredentialsFault, SecretManagerFault } from "./fault";

/** Of a version's payload. */
const LARGEST_VALUE_BYTES = 64 * 1024;
/** How many versions in a row may be disabled before nothing is looked for below them. */
const MOST_DISABLED = 20;

/** What the next version is written beside. */
export interface Base {
  /** The version that it takes the place of; undefined when there is none, or it is disabled. */
  readonly replaced?: number;
  readonly value?: string;
}

/** A secret of Secret Manager, made ready and written a version at a time, whatever a version holds. */
export class VersionedSecret {
  readonly #uri: StoreUri;
  readonly #context: StoreContext;
  readonly #place: readonly [string, string, string?];
  readonly #locations: readonly string[];
  readonly #keepsOthers: boolean;
  #opened: Promise<SecretResource> | undefined;
  /** The version this run wrote: Google promises that it can be read at once by its number, not as the latest. */
  #written = 0;

  /**
   * @param locations of a secret that is created
   * @param keepsOthers whether what others keep in it goes into the next version
   */
  constructor(uri: StoreUri, locations: readonly string[], keepsOthers: boolean, context: StoreContext) {
    this.#uri = uri;
    this.#context = context;
    this.#place = uri.target as unknown as [string, string, string?];
    this.#locations = locations;
    this.#keepsOthers = keepsOthers;
  }

  /**
   * @param look sees what the next version is written beside; returns how large that may become
   * @throws {StoreNotReadyError}
   */
  async prepare(dryRun: boolean, look: (value: string | undefined) => number): Promise<void> {
    try {
      const secret = await this.api();
      const needed: readonly Right[] = [
        "versions.access",
        "versions.add",
        ...(this.#uri.options.has("disable_previous") ? ["versions.disable" as const] : []),
      ];
      const asked = [...needed, "secrets.get" as const];
      let rights = await secret.rights(asked);
      if (rights.length === 0 && this.#uri.options.has("create")) {
        // Nothing is written here yet, and nothing can be tried on what is not there.
        if (dryRun)
          return this.#context.progress.info(`${this.#uri.text}: would be created, if it does not exist`);
        await secret.create(this.#locations);
        rights = await secret.rights(asked);
      }
      const missing = needed.filter((right) => !rights.includes(right));
      if (missing.length > 0) throw this.#forbidden(missing, rights.length === 0);
      if (rights.includes("secrets.get")) await this.#warnOfTraits(secret);
      if (look((await this.base((line) => this.#warn(line))).value) > LARGEST_VALUE_BYTES)
        throw notReady(
          this.#uri,
          "what others keep in it leaves no room",
          "Name another secret, then run again.",
        );
    } catch (error) {
      if (error instanceof StoreNotReadyError) throw error;
      throw notReady(this.#uri, faultOf(error).message, this.#remedyOf(error));
    }
  }

  /** What readers get; undefined when that is nothing, a disabled version included. @throws {StoreFault} */
  async current(): Promise<SecretVersion | undefined> {
    return this.#latest().catch((error) => {
      if (error instanceof DisabledVersionFault) return undefined;
      throw faultOf(error);
    });
  }

  /**
   * What the next version is written beside. A disabled version gives nothing: then what others keep is taken from the
   * newest one that is enabled.
   * @param tell told of that. @default - nobody
   * @throws {StoreFault}
   */
  async base(tell: (line: string) => void = () => {}): Promise<Base> {
    try {
      const latest = await this.#latest();
      return { replaced: latest?.number, value: latest?.value };
    } catch (error) {
      if (!(error instanceof DisabledVersionFault)) throw faultOf(error);
      const below = this.#keepsOthers ? await this.#newestBelow(error.version ?? 0) : undefined;
      const kept = below
        ? `what others keep is taken from version ${below.number}`
        : "what others keep in it is not taken over";
      tell(
        `its latest version is disabled and counts as empty${this.#keepsOthers ? `; ${kept}` : ""}; it stays as it is`,
      );
      return { value: below?.value };
    }
  }

  /** Adds a version. @throws {StoreFault} */
  async add(value: string): Promise<void> {
    try {
      this.#written = await (await this.api()).add(value);
    } catch (error) {
      throw faultOf(error);
    }
  }

  api(): Promise<SecretResource> {
    this.#opened ??= this.#open();
    return this.#opened;
  }

  /** The latest version, or this run's own while Google still gives an older one for the latest. */
  async #latest(): Promise<SecretVersion | undefined> {
    const secret = await this.api();
    const latest = await secret.access(undefined, 0);
    return (latest?.number ?? 0) < this.#written ? secret.access(this.#written, 0) : latest;
  }

  async #newestBelow(number: number): Promise<SecretVersion | undefined> {
    const secret = await this.api();
    for (let below = number - 1; below > Math.max(number - 1 - MOST_DISABLED, 0); below--) {
      const found = await secret.access(below).catch((error) => {
        if (error instanceof DisabledVersionFault) return undefined;
        throw error;
      });
      if (found) return found;
    }
    return undefined;
  }

  async #open(): Promise<SecretResource> {
    // The library reads it once, when it is loaded, and would log its requests.
    delete process.env.GOOGLE_SDK_NODE_LOGGING;
    const { GoogleCredentials } = await import("./credential");
    const credentials = new GoogleCredentials(this.#place[0], this.#context, this.#uri.text);
    return new SecretResource(this.#place, credentials, this.#context);
  }

  async #warnOfTraits(secret: SecretResource): Promise<void> {
    const { expireTime, aliases } = await secret.traits();
    if (expireTime !== undefined)
      this.#warn(`Google deletes the secret at ${printable(expireTime)}, and what it holds with it`);
    if (aliases.length > 0)
      this.#warn(
        `its aliases stay on the versions that they name (${printable(aliases.join(", "))}): ` +
          "who reads by one gets a secret that a rotation makes invalid",
      );
  }

  #warn(line: string): void {
    this.#context.progress.warn(`${this.#uri.text}: ${line}`);
  }

  #forbidden(missing: readonly Right[], all: boolean): StoreNotReadyError {
    const permissions = missing.map((right) => `secretmanager.${right}`).join(", ");
    return notReady(
      this.#uri,
      `${all ? "the secret does not exist, or " : ""}the credentials lack ${permissions}`,
      `Grant the roles ${rolesFor(missing)} on the secret${all ? ", or create it (option create=true)" : ""}, then run again.`,
    );
  }

  #remedyOf(error: unknown): string {
    if (error instanceof GoogleCredentialsFault)
      return "Run `gcloud auth application-default login` or set GOOGLE_APPLICATION_CREDENTIALS, then run again.";
    if (error instanceof SecretManagerFault && error.status === 403)
      return `Enable the Secret Manager API in the project ${this.#place[0]} and grant what is missing, then run again.`;
    if (error instanceof SecretManagerFault && error.status === 400)
      return "Correct that, such as the state of the key that encrypts it, then run again.";
    return "Correct that, then run again.";
  }
}

function rolesFor(missing: readonly Right[]): string {
  return [
    ...(missing.includes("versions.access") ? ["roles/secretmanager.secretAccessor"] : []),
    ...(missing.includes("versions.disable")
      ? ["roles/secretmanager.secretVersionManager"]
      : missing.includes("versions.add")
        ? ["roles/secretmanager.secretVersionAdder"]
        : []),
  ].join(" and ");
}

/** What is safe to say of a fault. */
export function faultOf(error: unknown): StoreFault {
  return error instanceof StoreFault ? error : new StoreFault("it failed for an unforeseen reason");
}
