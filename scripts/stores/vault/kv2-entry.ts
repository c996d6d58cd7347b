import * as z from "zod/mini";
import { StoreFault } from "../../core/errors";
import { printable } from "../../core/printable";
import type { VaultClient } from "./api";

const MountAnswer = z.object({
  data: z.object({
    path: z.string(),
    type: z.string(),
    options: z.nullish(z.object({ version: z.optional(z.string()) })),
  }),
});
const EntryAnswer = z.object({
  data: z.object({
    data: z.nullable(z.record(z.string(), z.unknown())),
    metadata: z.object({ version: z.int().check(z.nonnegative()) }),
  }),
});
const WriteAnswer = z.object({ data: z.object({ version: z.int().check(z.positive()) }) });
const Refusal = z.object({ errors: z.array(z.string()) });

/** What an entry holds, and the version to name when it is replaced; 0 when it never existed. */
export interface Kv2Version {
  readonly version: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** How a request is repeated and cut. */
export interface Attempts {
  readonly retryFor: number;
  readonly signal?: AbortSignal;
}

/** One entry of a KV version 2 secrets engine. */
export class Kv2Entry {
  readonly #client: VaultClient;
  /** Path of the entry's data in the API, which policies name. */
  readonly dataPath: string;

  private constructor(client: VaultClient, dataPath: string) {
    this.#client = client;
    this.dataPath = dataPath;
  }

  /**
   * Finds the mount that a path leads to; a mount's name may hold slashes.
   * @param segments as the store URI gives them: a first one that holds a slash is the whole name of the mount
   * @throws {StoreFault} when there is none that the token has rights in, or it is no KV version 2
   */
  static async locate(
    client: VaultClient,
    segments: readonly string[],
    attempts: Attempts,
  ): Promise<Kv2Entry> {
    const whole = segments.join("/");
    const path = `sys/internal/ui/mounts/${whole}`;
    const { status, body } = await client.send({ method: "GET", path, ...attempts });
    if (status === 403)
      throw new StoreFault(
        "no secrets engine is mounted there in which the token has any rights (403); the mount, the policy or VAULT_NAMESPACE is wrong",
      );
    const answer = MountAnswer.safeParse(body);
    if (status !== 200 || !answer.success)
      throw new StoreFault(
        `the server does not say what is mounted there (${status}): VAULT_ADDR is no Vault or OpenBao`,
      );
    const { path: mountPath, type, options } = answer.data.data;
    const mount = mountPath.replace(/\/+$/, "");
    const first = segments[0] as string;
    if (!whole.startsWith(`${mount}/`) || (first.includes("/") && first !== mount))
      throw new StoreFault(`what is mounted there is "${printable(mount)}", not "${printable(first)}"`);
    assertKv2(mount, type, options?.version);
    return new Kv2Entry(client, `${mount}/data/${whole.slice(mount.length + 1)}`);
  }

  /** @throws {StoreFault} */
  async load(attempts: Attempts): Promise<Kv2Version> {
    const { status, body } = await this.#client.send({ method: "GET", path: this.dataPath, ...attempts });
    const entry = EntryAnswer.safeParse(body);
    // One whose latest version was deleted is a 404, too, but its versions go on counting.
    if ((status === 200 || status === 404) && entry.success) {
      const { data, metadata } = entry.data.data;
      return { version: metadata.version, data: data ?? {} };
    }
    if (status === 404 && Refusal.safeParse(body).success) return { version: 0, data: {} };
    throw this.#refused("reading", status, body);
  }

  /**
   * Makes a new version, if `expected` is still the latest one.
   * @returns the new version; undefined when somebody else made one in between
   * @throws {StoreFault}
   */
  async replace(data: Kv2Version["data"], expected: number): Promise<number | undefined> {
    const { status, body } = await this.#client.send({
      method: "POST",
      path: this.dataPath,
      json: { data, options: { cas: expected } },
      retryFor: 0,
    });
    const written = WriteAnswer.safeParse(body);
    if (status === 200 && written.success) return written.data.data.version;
    if (status === 400 && says(body, /check-and-set parameter did not match/)) return undefined;
    throw this.#refused("writing", status, body);
  }

  /** Deletes the latest version; it can be undeleted, and older versions stay. @throws {StoreFault} */
  async deleteLatest(): Promise<void> {
    const { status, body } = await this.#client.send({ method: "DELETE", path: this.dataPath, retryFor: 0 });
    if (status !== 204 && status !== 200) throw this.#refused("deleting", status, body);
  }

  #refused(what: string, status: number, body: unknown): StoreFault {
    if (status === 403) return new StoreFault(`the token is not allowed ${what} ${this.dataPath} (403)`);
    if (says(body, /[Uu]pgrading from non-versioned/))
      return new StoreFault("its mount is being upgraded to KV version 2; that takes a moment");
    const usable = status >= 400 ? "" : ", an answer that cannot be used";
    return new StoreFault(`${what} ${this.dataPath} was answered ${status}${usable}`);
  }
}

function assertKv2(mount: string, type: string, version: string | undefined): void {
  if (type === "kv" && version === "2") return;
  const name = printable(mount);
  throw new StoreFault(
    type === "kv" || type === "generic"
      ? `"${name}" is a KV version 1 secrets engine, and version 2 is needed (vault kv enable-versioning ${name})`
      : `"${name}" is a secrets engine of the type "${printable(type)}", not KV version 2`,
  );
}

/** Whether one of the server's reasons fits; the reasons themselves are never shown. */
function says(body: unknown, reason: RegExp): boolean {
  const refusal = Refusal.safeParse(body);
  return refusal.success && refusal.data.errors.some((text) => reason.test(text));
}
