import {
  ApiException,
  createConfiguration,
  type KubeConfig,
  KubernetesObjectApi,
  PatchStrategy,
  ServerConfiguration,
  type V1APIResource,
  type V1Secret,
  type V1SelfSubjectAccessReview,
} from "@kubernetes/client-node";
import { printable, quote } from "../../core/printable";
import { ClusterAccessError } from "./cluster-access";
import { answeredFault, KubernetesFault } from "./fault";
import { boundedHttp } from "./http-library";

/** Who we are in a Secret's managed fields. */
export const FIELD_MANAGER = "genesys-secret";

const CREDENTIALS_TIMEOUT_MS = 60_000;

/** A Secret as it is in the cluster. */
export interface ClusterSecret {
  readonly uid: string;
  readonly resourceVersion: string;
  readonly immutable: boolean;
  /** Whether it goes as soon as its finalizers are done. */
  readonly deleting: boolean;
  /** What made it and keeps it as it wants it, such as `ExternalSecret "orders"`; undefined when nothing does. */
  readonly controller: string | undefined;
  /** Values are base64. */
  readonly data: Readonly<Record<string, string>>;
  /** Field managers that own any part of it. */
  readonly managers: readonly string[];
}

export interface ApplyOptions {
  readonly dryRun?: boolean;
  /** Takes over fields that others manage. */
  readonly force?: boolean;
  /** The version that is being replaced; the server refuses when it is another one by now. */
  readonly resourceVersion?: string;
}

/** The calls about one Secret, by the official client. They throw KubernetesFault and ClusterAccessError. */
export class SecretApi {
  readonly #api: KubernetesObjectApi;
  readonly #secret: { apiVersion: string; kind: string; metadata: { name: string; namespace: string } };

  /** @param signal cuts calls under way */
  constructor(config: KubeConfig, namespace: string, name: string, signal: AbortSignal) {
    this.#secret = { apiVersion: "v1", kind: "Secret", metadata: { name, namespace } };
    const credentials = {
      getName: () => config.getName(),
      applySecurityAuthentication: (request: Parameters<KubeConfig["applySecurityAuthentication"]>[0]) =>
        haveCredentials(config.applySecurityAuthentication(request)),
    };
    this.#api = new KnownResources(
      createConfiguration({
        baseServer: new ServerConfiguration(config.getCurrentCluster()?.server.replace(/\/+$/, "") ?? "", {}),
        httpApi: boundedHttp(config.getCurrentCluster()?.proxyUrl, signal),
        authMethods: { default: credentials },
      }),
    );
  }

  /** The Secret; undefined when there is none. */
  async read(): Promise<ClusterSecret | undefined> {
    try {
      return clusterSecret(await call(this.#api.read(this.#secret)));
    } catch (error) {
      if (error instanceof KubernetesFault && error.status === 404) return undefined;
      throw error;
    }
  }

  /** Server-side apply: these keys become ours, keys of ours that are not among them go, others stay. */
  async apply(data: Readonly<Record<string, string>>, options: ApplyOptions): Promise<ClusterSecret> {
    const { dryRun, force = false, resourceVersion } = options;
    const secret = { ...this.#secret, metadata: { ...this.#secret.metadata, resourceVersion }, data };
    const strategy = PatchStrategy.ServerSideApply;
    return clusterSecret(
      await call(
        this.#api.patch(secret, undefined, dryRun ? "All" : undefined, FIELD_MANAGER, force, strategy),
      ),
    );
  }

  /** Deletes the Secret, if it is still the one that was read. */
  async delete({ uid, resourceVersion }: ClusterSecret): Promise<void> {
    const body = { preconditions: { uid, resourceVersion } };
    await call(this.#api.delete(this.#secret, undefined, undefined, undefined, undefined, undefined, body));
  }

  /** Whether these credentials may do this to the Secret; undefined when the cluster does not say. */
  async allows(verb: "get" | "patch" | "create"): Promise<boolean | undefined> {
    const { name, namespace } = this.#secret.metadata;
    const review = {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SelfSubjectAccessReview",
      metadata: {},
      spec: { resourceAttributes: { verb, resource: "secrets", name, namespace } },
    };
    try {
      const answer = (await call(this.#api.create(review))) as V1SelfSubjectAccessReview;
      return answer.status?.allowed === true;
    } catch (error) {
      // Asking may be forbidden, too; then the rehearsal has to tell.
      if (error instanceof KubernetesFault && (error.status === 403 || error.status === 404))
        return undefined;
      throw error;
    }
  }
}

/** Where the objects that are used here live: no need to ask the cluster, nor for the right to ask. */
class KnownResources extends KubernetesObjectApi {
  protected override async resource(_apiVersion: string, kind: string): Promise<V1APIResource> {
    const namespaced = kind === "Secret";
    return { kind, name: `${kind.toLowerCase()}s`, namespaced, singularName: "", verbs: [] };
  }
}

/** The client's own errors hold headers and bodies; none gets past this place. */
async function call<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof KubernetesFault || error instanceof ClusterAccessError) throw error;
    if (error instanceof ApiException) throw answeredFault(error.code, error.body);
    throw new KubernetesFault("its answer is not one of a Kubernetes API server");
  }
}

/** Certificates are read and a credential plugin runs here; what they fail with may quote anything. */
async function haveCredentials(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(Object.assign(new Error(), { code: "timeout" })), CREDENTIALS_TIMEOUT_MS);
  });
  try {
    await Promise.race([work, tooLong]);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ClusterAccessError(
      `the kubeconfig's credentials could not be had${typeof code === "string" ? ` (${code})` : ""}`,
    );
  } finally {
    clearTimeout(timer);
  }
}

function clusterSecret(answer: V1Secret): ClusterSecret {
  const { kind, metadata, data = {}, immutable = false } = answer;
  if (
    kind !== "Secret" ||
    !metadata?.uid ||
    !metadata.resourceVersion ||
    !Object.values(data).every((value) => typeof value === "string")
  )
    throw new KubernetesFault("its answer is not one of a Kubernetes API server");
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  return {
    uid: metadata.uid,
    resourceVersion: metadata.resourceVersion,
    immutable,
    deleting: metadata.deletionTimestamp !== undefined,
    controller: owner && `${printable(owner.kind)} ${quote(owner.name)}`,
    data,
    managers: (metadata.managedFields ?? []).map(({ manager }) => manager ?? ""),
  };
}
