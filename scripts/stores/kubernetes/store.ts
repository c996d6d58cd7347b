import { randomBytes } from "node:crypto";
import { StoreFault, StoreNotReadyError } from "../../core/errors";
import { Secret } from "../../core/secret";
import type { StoredDocument } from "../document";
import { OtherRuns } from "../other-runs";
import { notReady, type Store, type StoreContext } from "../store";
import { badOption, type StoreUri } from "../uri";
import { type ClusterSecret, FIELD_MANAGER, SecretApi } from "./api";
import { ClusterAccessError, clusterAccess } from "./cluster-access";
import { KubernetesFault } from "./fault";
import { type Refusal, refusalOf, refusalOfState } from "./refusal";
import { SecretKeys } from "./secret-data";

/** `kubernetes:`, the keys of a Secret, by server-side apply: keys of others in the same Secret are kept. */
export function openStore(uri: StoreUri, context: StoreContext): Store {
  const force = uri.options.get("force");
  if (force !== undefined && force !== "true") throw badOption(uri, 'the option force must be "true"');
  return new KubernetesStore(uri, context);
}

class KubernetesStore implements Store {
  readonly uri: StoreUri;
  readonly #context: StoreContext;
  readonly #namespace: string;
  readonly #name: string;
  readonly #force: boolean;
  readonly #keys: SecretKeys;
  readonly #otherRuns = new OtherRuns();
  #opened: SecretApi | undefined;

  constructor(uri: StoreUri, context: StoreContext) {
    this.uri = uri;
    this.#context = context;
    [this.#namespace, this.#name] = uri.target as unknown as [string, string];
    this.#force = uri.options.has("force");
    this.#keys = new SecretKeys(uri);
  }

  async prepare(dryRun: boolean): Promise<void> {
    try {
      const held = await this.#api.read();
      const refusal = held && refusalOfState(held);
      if (refusal) throw this.#refused(refusal);
      this.#otherRuns.remember(held && this.#keys.fromData(held.data));
      // A run that writes is told so by the rehearsal.
      if (dryRun)
        for (const verb of held ? (["patch"] as const) : (["patch", "create"] as const))
          if ((await this.#api.allows(verb)) === false) throw this.#forbidden(verb);
    } catch (error) {
      throw this.#notReady(error);
    }
  }

  async rehearse(document: StoredDocument): Promise<void> {
    // The server's words may quote what they are about, and are shown.
    const clientSecret = new Secret(`rehearsal-${randomBytes(24).toString("base64url")}`);
    try {
      const { sent, stored } = await this.#apply({ ...document, clientSecret }, true);
      if (Object.entries(sent).every(([key, value]) => stored[key] === value)) return;
    } catch (error) {
      if (!(error instanceof KubernetesFault)) throw this.#notReady(error);
      if (error.status === 400 && /does not support dry run/.test(error.detail)) {
        this.#context.progress.warn(
          `${this.uri.text}: an admission webhook of the cluster cannot be asked beforehand whether it will agree`,
        );
        return;
      }
      const [, verb] = /cannot (patch|create) resource "secrets"/.exec(error.detail) ?? [];
      if (verb !== undefined) throw this.#forbidden(verb);
      const refusal = refusalOf(error);
      throw refusal ? this.#refused(refusal) : this.#notReady(error);
    }
    throw this.#refused({
      reason: "the cluster's admission changes what is written",
      remedy: "Exempt this Secret from the webhook or policy that does, then run again.",
    });
  }

  async read(): Promise<StoredDocument | undefined> {
    try {
      const held = await this.#api.read();
      return held && this.#keys.fromData(held.data);
    } catch (error) {
      throw faultOf(error);
    }
  }

  async write(document: StoredDocument, over = false): Promise<void> {
    try {
      await this.#apply(document, false, over);
    } catch (error) {
      throw faultOf(error);
    }
  }

  async remove(clientId: string): Promise<boolean> {
    try {
      const held = await this.#api.read();
      if (!held || this.#keys.fromData(held.data)?.clientId !== clientId) return false;
      // A Secret that nobody else has a part in goes whole, if these credentials may delete.
      if (held.managers.every((manager) => manager === FIELD_MANAGER) && (await this.#delete(held)))
        return true;
      const ours = Object.fromEntries(
        this.#keys.all.flatMap((key) => (held.data[key] ? [[key, held.data[key]]] : [])),
      );
      const { resourceVersion } = this.#force
        ? await this.#api.apply(ours, { force: true, resourceVersion: held.resourceVersion })
        : held;
      const left = await this.#api.apply({}, { resourceVersion });
      if (left.data[this.#keys.secret] === undefined) return true;
      throw new StoreFault(
        `others manage the key ${this.#keys.secret}; the option force=true removes it all the same`,
      );
    } catch (error) {
      throw faultOf(error);
    }
  }

  async release(): Promise<void> {}

  get #api(): SecretApi {
    this.#opened ??= new SecretApi(
      clusterAccess(this.uri.options.get("context"), this.#context),
      this.#namespace,
      this.#name,
      this.#context.signal,
    );
    return this.#opened;
  }

  /**
   * Puts the document into the Secret as it is now: the one call by which this store writes, and rehearses.
   * @param over as for `write`
   * @returns the keys that were sent, and what the Secret then holds
   */
  async #apply(document: StoredDocument, dryRun: boolean, over = false) {
    const held = await this.#api.read();
    if (!dryRun && !over) this.#otherRuns.assertNone(held && this.#keys.fromData(held.data), document);
    const sent = this.#keys.toData(document);
    const options = { dryRun, force: this.#force, resourceVersion: held?.resourceVersion };
    return { sent, stored: (await this.#api.apply(sent, options)).data };
  }

  /** @returns whether it was deleted; false when these credentials may not */
  async #delete(held: ClusterSecret): Promise<boolean> {
    try {
      await this.#api.delete(held);
      return true;
    } catch (error) {
      if (error instanceof KubernetesFault && error.status === 403) return false;
      throw error;
    }
  }

  #notReady(error: unknown): StoreNotReadyError {
    if (error instanceof StoreNotReadyError) return error;
    if (error instanceof ClusterAccessError)
      return notReady(this.uri, error.message, "Correct KUBECONFIG or the option context, then run again.");
    if (error instanceof KubernetesFault && error.status === 403) return this.#forbidden("get");
    return notReady(
      this.uri,
      faultOf(error).message,
      error instanceof KubernetesFault && error.status === 401
        ? "Renew the kubeconfig's credentials, then run again."
        : "Make the cluster reachable, then run again.",
    );
  }

  #refused({ reason, remedy }: Refusal): StoreNotReadyError {
    return notReady(this.uri, reason, remedy);
  }

  #forbidden(verb: string): StoreNotReadyError {
    return notReady(
      this.uri,
      `the credentials lack the right to ${verb} the Secret ${this.#name} in the namespace ${this.#namespace}`,
      `Grant the verb ${verb} on secrets by a Role, then run again.`,
    );
  }
}

function faultOf(error: unknown): StoreFault {
  if (error instanceof StoreFault) return error;
  if (error instanceof KubernetesFault && error.conflicts.length > 0)
    return new StoreFault(
      `others manage fields that it needs (${error.conflicts.map(({ field }) => field).join(", ")})`,
    );
  if (error instanceof KubernetesFault) return new StoreFault(error.message, error.retryAfterMs);
  if (error instanceof ClusterAccessError) return new StoreFault(error.message);
  return new StoreFault("it failed for an unforeseen reason");
}
