import { type Answer, envelope, failed, NO_CONTENT } from "./answer";

type Fields = Readonly<Record<string, unknown>>;

interface Version {
  readonly data: Fields;
  readonly createdTime: string;
  deletionTime: string;
}

const DAY_MS = 86_400_000;
const INVALID_PATH =
  "Invalid path for a versioned K/V secrets engine. See the API docs for the appropriate API endpoints to use. If using the Vault CLI, use 'vault kv put' for this operation.";

/** A KV version 2 secrets engine: versions of entries, and check-and-set. */
export class Kv2Mount {
  readonly type = "kv";
  readonly options = { version: "2" };
  /** How long versions stay that are written from here on, such as "720h0m0s". */
  deleteVersionAfter = "0s";
  readonly #entries = new Map<string, Version[]>();

  /** What the latest version of an entry holds; undefined when there is none, or it is deleted. */
  latest(path: string): Fields | undefined {
    const version = this.#entries.get(path)?.at(-1);
    return version && !isDeleted(version) ? version.data : undefined;
  }

  /** How many versions an entry has had. */
  versions(path: string): number {
    return this.#entries.get(path)?.length ?? 0;
  }

  /** Adds a version, as some other writer would. */
  put(path: string, data: Fields): void {
    const versions = this.#entries.get(path) ?? [];
    const deletionTime = this.deleteVersionAfter === "0s" ? "" : new Date(Date.now() + DAY_MS).toISOString();
    this.#entries.set(path, [...versions, { data, createdTime: new Date().toISOString(), deletionTime }]);
  }

  serve(method: string, below: string, body: unknown): Answer {
    const [kind, ...rest] = below.split("/");
    const path = rest.join("/");
    if (kind === "data" && path) {
      if (method === "GET") return this.#read(path);
      if (method === "POST" || method === "PUT") return this.#write(path, body);
      if (method === "DELETE") return this.#deleteLatest(path);
    }
    if (below === "config" && method === "GET")
      return envelope({
        data: { cas_required: false, delete_version_after: this.deleteVersionAfter, max_versions: 0 },
      });
    if (kind === "metadata" && path) {
      if (method === "GET") return this.#metadata(path);
      if (method === "DELETE") {
        this.#entries.delete(path);
        return NO_CONTENT;
      }
    }
    return envelope({ warnings: [INVALID_PATH] }, 404);
  }

  #read(path: string): Answer {
    const version = this.#entries.get(path)?.at(-1);
    if (!version) return failed(404);
    const deleted = isDeleted(version);
    const data = { data: deleted ? null : version.data, metadata: this.#describe(path) };
    return envelope({ data }, deleted ? 404 : 200);
  }

  #write(path: string, body: unknown): Answer {
    const { data, options } = (body ?? {}) as { data?: Fields; options?: { cas?: unknown } };
    if (typeof data !== "object" || data === null) return failed(400, "no data provided");
    if (options?.cas !== undefined && options.cas !== this.versions(path))
      return failed(400, "check-and-set parameter did not match the current version");
    this.put(path, data);
    return envelope({ data: this.#describe(path) });
  }

  #deleteLatest(path: string): Answer {
    const version = this.#entries.get(path)?.at(-1);
    if (version && !isDeleted(version)) version.deletionTime = new Date().toISOString();
    return NO_CONTENT;
  }

  #metadata(path: string): Answer {
    const versions = this.#entries.get(path);
    const [first, last] = [versions?.[0], versions?.at(-1)];
    if (!versions || !first || !last) return failed(404);
    const listed = versions.map(({ createdTime, deletionTime }, index) => [
      index + 1,
      { created_time: createdTime, deletion_time: deletionTime, destroyed: false },
    ]);
    const data = {
      cas_required: false,
      created_time: first.createdTime,
      current_version: versions.length,
      custom_metadata: null,
      delete_version_after: "0s",
      max_versions: 0,
      oldest_version: 0,
      updated_time: last.createdTime,
      versions: Object.fromEntries(listed),
    };
    return envelope({ data });
  }

  #describe(path: string): Fields {
    const version = this.#entries.get(path)?.at(-1) as Version;
    return {
      created_time: version.createdTime,
      custom_metadata: null,
      deletion_time: version.deletionTime,
      destroyed: false,
      version: this.versions(path),
    };
  }
}

function isDeleted({ deletionTime }: Version): boolean {
  return deletionTime !== "" && Date.parse(deletionTime) <= Date.now();
}
