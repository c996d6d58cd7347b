import { StoreFault, StoreNotReadyError } from "../../core/errors";
import { HeldDocument, type StoredDocument } from "../document";
import { OtherRuns } from "../other-runs";
import { notReady, type Store, type StoreContext } from "../store";
import { badOption, type StoreUri } from "../uri";
import { SecretResource, type SecretVersion, type VersionRight } from "./api";
import { GoogleCredentialsFault, SecretManagerFault } from "./fault";

/** Of a version's payload. */
const LARGEST_VALUE_BYTES = 64 * 1024;
/** How many runs in a row may have been killed before one disables what they left enabled. */
const MOST_FORGOTTEN = 5;

/** `gcp-secretmanager:`, a secret whose latest version is the JSON document; each write adds a version. */
export function openStore(uri: StoreUri, context: StoreContext): Store {
  for (const name of ["create", "disable_previous"])
    if (uri.options.has(name) && uri.options.get(name) !== "true")
      throw badOption(uri, `the option ${name} must be "true"`);
  const locations = uri.options.get("locations")?.split(",") ?? [];
  if (locations.some((location) => !/^[a-z]+-[a-z0-9-]+$/.test(location)))
    throw badOption(uri, "the option locations must be regions, separated by commas, such as europe-west1");
  if (locations.length > 0 && !uri.options.has("create"))
    throw badOption(uri, "the option locations goes with create=true");
  return new GcpSecretManagerStore(uri, locations, context);
}

class GcpSecretManagerStore implements Store {
  readonly uri: StoreUri;
  readonly #context: StoreContext;
  readonly #project: string;
  readonly #name: string;
  readonly #locations: readonly string[];
  readonly #disablesPrevious: boolean;
  readonly #otherRuns = new OtherRuns();
  #opened: Promise<SecretResource> | undefined;
  /** The version this run wrote: Google promises that it can be read at once by its number, not as the latest. */
  #written = 0;

  constructor(uri: StoreUri, locations: readonly string[], context: StoreContext) {
    this.uri = uri;
    this.#context = context;
    [this.#project, this.#name] = uri.target as unknown as [string, string];
    this.#locations = locations;
    this.#disablesPrevious = uri.options.has("disable_previous");
  }

  async prepare(dryRun: boolean): Promise<void> {
    try {
      const secret = await this.#secret();
      const needed: readonly VersionRight[] = [
        "access",
        "add",
        ...(this.#disablesPrevious ? ["disable" as const] : []),
      ];
      let rights = await secret.rights(needed);
      if (rights.length === 0 && this.uri.options.has("create")) {
        // Nothing is written here yet, and nothing can be tried on what is not there.
        if (dryRun)
          return this.#context.progress.info(`${this.uri.text}: would be created, if it does not exist`);
        await secret.create(this.#locations);
        rights = await secret.rights(needed);
      }
      const missing = needed.filter((right) => !rights.includes(right));
      if (missing.length > 0) throw this.#forbidden(missing, rights.length === 0);
      const held = HeldDocument.parse((await secret.access())?.value);
      this.#otherRuns.remember(held.document);
      if (held.expectedBytes > LARGEST_VALUE_BYTES)
        throw notReady(
          this.uri,
          "what others keep in it leaves no room",
          "Name another secret, then run again.",
        );
    } catch (error) {
      if (error instanceof StoreNotReadyError) throw error;
      throw notReady(this.uri, faultOf(error).message, this.#remedyOf(error));
    }
  }

  async read(): Promise<StoredDocument | undefined> {
    try {
      return HeldDocument.parse((await this.#current())?.value).document;
    } catch (error) {
      throw faultOf(error);
    }
  }

  async write(document: StoredDocument, over = false): Promise<void> {
    try {
      const secret = await this.#secret();
      const current = await this.#current();
      const held = HeldDocument.parse(current?.value);
      if (!over) this.#otherRuns.assertNone(held.document, document);
      const value = held.with(document).text;
      // The answer of an earlier try may have been lost: no need for a second version of the same.
      const isThere = value === current?.value;
      if (!isThere) this.#written = await secret.add(value);
      if (!current || !this.#disablesPrevious) return;
      if (!isThere) await this.#disable(secret, current.number);
      await this.#disableForgotten(secret, current.number - 1, document.clientId);
    } catch (error) {
      throw faultOf(error);
    }
  }

  async remove(clientId: string): Promise<boolean> {
    try {
      const secret = await this.#secret();
      const current = await this.#current();
      const held = HeldDocument.parse(current?.value);
      if (!current || !held.isOf(clientId)) return false;
      // The secret itself may belong to a stack; what it holds does not.
      if (held.others) this.#written = await secret.add(held.others.text);
      else await secret.destroy(current.number);
      return true;
    } catch (error) {
      throw faultOf(error);
    }
  }

  async release(): Promise<void> {}

  /** The latest version, or this run's own while Google still gives an older one for the latest. */
  async #current(): Promise<SecretVersion | undefined> {
    const secret = await this.#secret();
    const latest = await secret.access(undefined, 0);
    return (latest?.number ?? 0) < this.#written ? secret.access(this.#written, 0) : latest;
  }

  /** What it holds is dead by now: a failure is worth a word, not the run. */
  async #disable(secret: SecretResource, version: number): Promise<void> {
    await secret.disable(version).catch((error) => {
      this.#context.progress.warn(
        `${this.uri.text}: version ${version}, which is no longer current, could not be disabled: ${faultOf(error).message}`,
      );
    });
  }

  /** A run that was killed before it could disable the version below its own left it enabled, and so did those before. */
  async #disableForgotten(secret: SecretResource, newest: number, clientId: string): Promise<void> {
    const isOurs = async (number: number): Promise<boolean> =>
      HeldDocument.parse((await secret.access(number, 0))?.value).isOf(clientId);
    for (let number = newest; number > Math.max(newest - MOST_FORGOTTEN, 0); number--) {
      // One that is disabled, or is no document of ours, cannot be read as one: then nothing was forgotten.
      if (!(await isOurs(number).catch(() => false))) return;
      await this.#disable(secret, number);
    }
  }

  #secret(): Promise<SecretResource> {
    this.#opened ??= this.#open();
    return this.#opened;
  }

  async #open(): Promise<SecretResource> {
    // The library reads it once, when it is loaded, and would log its requests.
    delete process.env.GOOGLE_SDK_NODE_LOGGING;
    const { GoogleCredentials } = await import("./credential");
    const credentials = new GoogleCredentials(this.#project, this.#context, this.uri.text);
    return new SecretResource(this.#project, this.#name, credentials, this.#context);
  }

  #forbidden(missing: readonly VersionRight[], all: boolean): StoreNotReadyError {
    const permissions = missing.map((right) => `secretmanager.versions.${right}`).join(", ");
    return notReady(
      this.uri,
      `${all ? "the secret does not exist, or " : ""}the credentials lack ${permissions}`,
      `Grant the roles ${rolesFor(missing)} on the secret${all ? ", or create it (option create=true)" : ""}, then run again.`,
    );
  }

  #remedyOf(error: unknown): string {
    if (error instanceof GoogleCredentialsFault)
      return "Run `gcloud auth application-default login` or set GOOGLE_APPLICATION_CREDENTIALS, then run again.";
    if (error instanceof SecretManagerFault && error.status === 403)
      return `Enable the Secret Manager API in the project ${this.#project} and grant what is missing, then run again.`;
    return "Mend that, then run again.";
  }
}

function rolesFor(missing: readonly VersionRight[]): string {
  return [
    ...(missing.includes("access") ? ["roles/secretmanager.secretAccessor"] : []),
    ...(missing.includes("disable")
      ? ["roles/secretmanager.secretVersionManager"]
      : missing.includes("add")
        ? ["roles/secretmanager.secretVersionAdder"]
        : []),
  ].join(" and ");
}

function faultOf(error: unknown): StoreFault {
  return error instanceof StoreFault ? error : new StoreFault("it failed for an unforeseen reason");
}
