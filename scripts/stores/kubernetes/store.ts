import { StoreFault, StoreNotReadyError } from "../../core/errors";
import type { StoredDocument } from "../document";
import { OtherRuns } from "../other-runs";
import { notReady, type Store, type StoreContext } from "../store";
import { badOption, type StoreUri } from "../uri";
import { type ClusterSecret, FIELD_MANAGER, SecretApi } from "./api";
import { ClusterAccessError, clusterAccess } from "./cluster-access";
import { KubernetesFault } from "./fault";
import { rehearse } from "./rehearsal";
import { canaryData, fromSecretData, toSecretData } from "./secret-data";

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
  readonly #otherRuns = new OtherRuns();
  #opened: SecretApi | undefined;

  constructor(uri: StoreUri, context: StoreContext) {
    this.uri = uri;
    this.#context = context;
    [this.#namespace, this.#name] = uri.target as unknown as [string, string];
    this.#force = uri.options.has("force");
  }

  async prepare(): Promise<void> {
    try {
      const held = await this.#api.read();
      if (held?.immutable) {
        throw notReady(
          this.uri,
          "the Secret is immutable",
          "Name another Secret, or delete this one and create it anew without `immutable: true`.",
        );
      }
      this.#otherRuns.remember(held && fromSecretData(held.data));
      for (const verb of held ? (["patch"] as const) : (["patch", "create"] as const))
        if ((await this.#api.allows(verb)) === false) throw this.#forbidden(verb);
      const refusal = await rehearse(this.#api, this.#force, () =>
        this.#context.progress.warn(
          `${this.uri.text}: an admission webhook of the cluster cannot be asked beforehand whether it will agree`,
        ),
      );
      if (refusal) throw notReady(this.uri, refusal.reason, refusal.remedy);
    } catch (error) {
      if (error instanceof StoreNotReadyError) throw error;
      if (error instanceof ClusterAccessError)
        throw notReady(this.uri, error.message, "Correct KUBECONFIG or the option context, then run again.");
      if (error instanceof KubernetesFault && error.status === 403) throw this.#forbidden("get");
      throw notReady(
        this.uri,
        faultOf(error).message,
        error instanceof KubernetesFault && error.status === 401
          ? "Renew the kubeconfig's credentials, then run again."
          : "Make the cluster reachable, then run again.",
      );
    }
  }

  async read(): Promise<StoredDocument | undefined> {
    try {
      const held = await this.#api.read();
      return held && fromSecretData(held.data);
    } catch (error) {
      throw faultOf(error);
    }
  }

  async write(document: StoredDocument, over = false): Promise<void> {
    try {
      const held = await this.#api.read();
      if (!over) this.#otherRuns.assertNone(held && fromSecretData(held.data), document);
      await this.#api.apply(toSecretData(document), {
        force: this.#force,
        resourceVersion: held?.resourceVersion,
      });
    } catch (error) {
      throw faultOf(error);
    }
  }

  async remove(clientId: string): Promise<boolean> {
    try {
      const held = await this.#api.read();
      if (!held || fromSecretData(held.data)?.clientId !== clientId) return false;
      // A Secret that nobody else has a part in goes whole, if these credentials may delete.
      if (held.managers.every((manager) => manager === FIELD_MANAGER) && (await this.#delete(held)))
        return true;
      const ours = Object.fromEntries(
        Object.keys(canaryData()).flatMap((key) => (held.data[key] ? [[key, held.data[key]]] : [])),
      );
      const { resourceVersion } = this.#force
        ? await this.#api.apply(ours, { force: true, resourceVersion: held.resourceVersion })
        : held;
      const left = await this.#api.apply({}, { resourceVersion });
      if (left.data.client_secret === undefined) return true;
      throw new StoreFault(
        "others manage the key client_secret; the option force=true removes it all the same",
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
  if (error instanceof KubernetesFault || error instanceof ClusterAccessError)
    return new StoreFault(error.message);
  return new StoreFault("it failed for an unforeseen reason");
}
