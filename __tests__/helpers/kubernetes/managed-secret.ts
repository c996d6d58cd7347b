import { randomUUID } from "node:crypto";
import { ApiStatus, invalid, outdated } from "./api-status";

/** What a request may say about a Secret. */
export interface SecretBody {
  readonly type?: string;
  readonly immutable?: boolean;
  readonly data?: Readonly<Record<string, string>>;
  readonly stringData?: Readonly<Record<string, string>>;
  readonly metadata?: {
    readonly resourceVersion?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly OwnerReference[];
    /** Set on a Secret that waits for its finalizers. */
    readonly deletionTimestamp?: string;
  };
}

/** What a Secret goes together with. */
export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
}

interface Owner {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  fields: Set<string>;
}

const LARGEST_BYTES = 1024 * 1024;
let versions = 1000;

/** A Secret and who manages which of its fields, after the rules of Kubernetes' server-side apply. */
export class ManagedSecret {
  readonly #name: string;
  readonly #namespace: string;
  #uid = randomUUID();
  #version = String(versions++);
  /** Path -> value, such as ".data.client_id" -> "YQ==". */
  #fields = new Map<string, unknown>();
  #owners: Owner[] = [];

  constructor(namespace: string, name: string) {
    this.#namespace = namespace;
    this.#name = name;
  }

  get resourceVersion(): string {
    return this.#version;
  }

  get uid(): string {
    return this.#uid;
  }

  /** A copy to try things on. */
  clone(): ManagedSecret {
    const copy = new ManagedSecret(this.#namespace, this.#name);
    copy.#uid = this.#uid;
    copy.#version = this.#version;
    copy.#fields = new Map(this.#fields);
    copy.#owners = this.#owners.map((owner) => ({ ...owner, fields: new Set(owner.fields) }));
    return copy;
  }

  /** Server-side apply. */
  apply(body: SecretBody, manager: string, force: boolean): void {
    this.#checkVersion(body);
    const wanted = fieldsOf(body);
    const conflicts = [...wanted].flatMap(([path, value]) =>
      this.#fields.get(path) === value
        ? []
        : this.#othersOf(manager, "Apply", path).map((owner) => ({ path, owner })),
    );
    if (conflicts.length > 0 && !force) throw conflict(conflicts);
    for (const { path, owner } of conflicts) owner.fields.delete(path);
    const own = this.#owner(manager, "Apply");
    const dropped = [...own.fields].filter(
      (path) => !wanted.has(path) && this.#othersOf(manager, "Apply", path).length === 0,
    );
    own.fields = new Set(wanted.keys());
    this.#change(wanted, dropped);
  }

  /** A create, an update or a merge patch: what changes is the writer's from now on. */
  update(body: SecretBody, manager: string): void {
    this.#checkVersion(body);
    const given = fieldsOf(body);
    const changed = [...given].filter(([path, value]) => this.#fields.get(path) !== value);
    for (const [path] of changed) for (const owner of this.#owners) owner.fields.delete(path);
    const own = this.#owner(manager, "Update");
    for (const [path] of changed) own.fields.add(path);
    this.#change(given, []);
  }

  /** A mutating webhook's way in. */
  overwrite(key: string, value: string): void {
    this.#fields.set(`.data.${key}`, value);
  }

  value(key: string): string | undefined {
    const base64 = this.#fields.get(`.data.${key}`);
    return base64 === undefined ? undefined : Buffer.from(String(base64), "base64").toString("utf8");
  }

  toJSON(): unknown {
    const under = (prefix: string): Record<string, unknown> =>
      Object.fromEntries(
        [...this.#fields].flatMap(([path, value]) =>
          path.startsWith(prefix) ? [[path.slice(prefix.length), value]] : [],
        ),
      );
    return {
      kind: "Secret",
      apiVersion: "v1",
      metadata: {
        name: this.#name,
        namespace: this.#namespace,
        uid: this.#uid,
        resourceVersion: this.#version,
        creationTimestamp: "2026-01-01T00:00:00Z",
        labels: under(".metadata.labels."),
        annotations: under(".metadata.annotations."),
        ownerReferences: this.#fields.get(".metadata.ownerReferences"),
        deletionTimestamp: this.#fields.get(".metadata.deletionTimestamp"),
        managedFields: this.#owners.filter(({ fields }) => fields.size > 0).map(managedFields),
      },
      data: under(".data."),
      ...(this.#fields.get(".immutable") === true && { immutable: true }),
      type: this.#fields.get(".type") ?? "Opaque",
    };
  }

  #checkVersion({ metadata }: SecretBody): void {
    if (metadata?.resourceVersion && metadata.resourceVersion !== this.#version) throw outdated(this.#name);
  }

  #change(set: ReadonlyMap<string, unknown>, dropped: readonly string[]): void {
    const immutable = this.#fields.get(".immutable") === true;
    const touched = [...set].some(([path, value]) => this.#fields.get(path) !== value) || dropped.length > 0;
    if (immutable && touched)
      throw invalid(this.#name, "data", "Forbidden: field is immutable when `immutable` is set");
    const [before, after] = [this.#fields.get(".type") ?? "Opaque", set.get(".type")];
    if (this.#fields.size > 0 && after !== undefined && after !== before)
      throw invalid(this.#name, "type", `Invalid value: "${after}": field is immutable`);
    for (const [path, value] of set) this.#fields.set(path, value);
    for (const path of dropped) this.#fields.delete(path);
    const size = [...this.#fields.values()].join("").length;
    if (size > LARGEST_BYTES)
      throw invalid(this.#name, "data", `Too long: may not be more than ${LARGEST_BYTES} bytes`);
    this.#version = String(versions++);
  }

  #owner(manager: string, operation: Owner["operation"]): Owner {
    let owner = this.#owners.find((one) => one.manager === manager && one.operation === operation);
    if (!owner) {
      owner = { manager, operation, fields: new Set() };
      this.#owners.push(owner);
    }
    return owner;
  }

  #othersOf(manager: string, operation: Owner["operation"], path: string): Owner[] {
    return this.#owners.filter(
      (one) => (one.manager !== manager || one.operation !== operation) && one.fields.has(path),
    );
  }
}

function fieldsOf({ type, immutable, data, stringData, metadata }: SecretBody): Map<string, unknown> {
  const fields = new Map<string, unknown>();
  const add = (prefix: string, values: Readonly<Record<string, unknown>> = {}): void => {
    for (const [key, value] of Object.entries(values)) fields.set(`${prefix}${key}`, value);
  };
  for (const value of Object.values(data ?? {})) {
    if (Buffer.from(value, "base64").toString("base64") !== value)
      throw new ApiStatus(400, "BadRequest", "illegal base64 data at input byte 0");
  }
  add(".data.", data);
  for (const [key, value] of Object.entries(stringData ?? {}))
    fields.set(`.data.${key}`, Buffer.from(value).toString("base64"));
  add(".metadata.labels.", metadata?.labels);
  add(".metadata.annotations.", metadata?.annotations);
  for (const name of ["ownerReferences", "deletionTimestamp"] as const)
    if (metadata?.[name] !== undefined) fields.set(`.metadata.${name}`, metadata[name]);
  if (type !== undefined) fields.set(".type", type);
  if (immutable !== undefined) fields.set(".immutable", immutable);
  return fields;
}

function conflict(conflicts: readonly { path: string; owner: Owner }[]): ApiStatus {
  const causes = conflicts.map(({ path, owner }) => ({
    reason: "FieldManagerConflict",
    message: `conflict with "${owner.manager}"${owner.operation === "Update" ? " using v1" : ""}`,
    field: path,
  }));
  return new ApiStatus(
    409,
    "Conflict",
    `Apply failed with ${causes.length} conflict${causes.length > 1 ? "s" : ""}: ${causes.map(({ message, field }) => `${message}: ${field}`).join(", ")}`,
    { causes },
  );
}

function managedFields({ manager, operation, fields }: Owner): unknown {
  const tree: Record<string, unknown> = {};
  for (const path of fields) {
    // The last name may hold dots: a key such as "tls.crt".
    const [, head = "", tail] =
      /^\.(data|metadata\.labels|metadata\.annotations|[a-z]+)(?:\.(.+))?$/.exec(path) ?? [];
    const names = [...head.split("."), ...(tail === undefined ? [] : [tail])].map((name) => `f:${name}`);
    let node = tree;
    for (const name of names) {
      node[name] ??= {};
      node = node[name] as Record<string, unknown>;
    }
  }
  return {
    manager,
    operation,
    apiVersion: "v1",
    time: "2026-01-01T00:00:00Z",
    fieldsType: "FieldsV1",
    fieldsV1: tree,
  };
}
