import * as z from "zod/mini";
import { StoreFault } from "../../core/errors";
import { partOf } from "../json-text";
import type { Attempts, VaultClient } from "./api";
import type { EntryPlace } from "./mount";

const EntryAnswer = z.object({
  data: z.object({
    data: z.nullable(z.record(z.string(), z.unknown())),
    metadata: z.object({ version: z.int().check(z.nonnegative()), deletion_time: z.optional(z.string()) }),
  }),
});
const WriteAnswer = z.object({
  data: z.object({ version: z.int().check(z.positive()), deletion_time: z.optional(z.string()) }),
});
/** An answer that is kept back until somebody approves of the request (control groups of Vault Enterprise). */
const KeptBack = z.object({ wrap_info: z.object({}) });
const Refusal = z.object({ errors: z.array(z.string()) });

/** What an entry holds, and the version to name when it is replaced; 0 when it never existed. */
export interface Kv2Version {
  readonly version: number;
  /** The fields, a JSON object as the server wrote it; undefined when it holds none, or was deleted. */
  readonly text: string | undefined;
  /** When it was, or will be, deleted, as the server says it; empty or absent: never. */
  readonly deletionTime?: string;
}

/** A version that was made. */
export type Written = Omit<Kv2Version, "text">;

/** No entry has so many versions: a write that names this one as the latest writes nothing. */
const IMPOSSIBLE_VERSION = 2 ** 31 - 1;

/** One entry of a KV version 2 secrets engine. */
export class Kv2Entry {
  readonly #client: VaultClient;
  readonly place: EntryPlace;

  constructor(client: VaultClient, place: EntryPlace) {
    this.#client = client;
    this.place = place;
  }

  /** Path of the entry's data in the API, which policies name. */
  get dataPath(): string {
    return `${this.place.mount}/data/${this.place.path}`;
  }

  /** @throws {StoreFault} */
  async load(attempts: Attempts): Promise<Kv2Version> {
    const { status, body, text } = await this.#client.send({
      method: "GET",
      path: this.dataPath,
      ...attempts,
    });
    const entry = EntryAnswer.safeParse(body);
    // One whose latest version was deleted is a 404, too, but its versions go on counting.
    if ((status === 200 || status === 404) && entry.success) {
      const { data, metadata } = entry.data.data;
      return {
        version: metadata.version,
        text: data === null ? undefined : partOf(text, ["data", "data"]),
        deletionTime: metadata.deletion_time,
      };
    }
    if (status === 404 && Refusal.safeParse(body).success) return { version: 0, text: undefined };
    throw this.#refused("reading", status, body);
  }

  /**
   * Makes a new version, if `expected` is still the latest one.
   * @param fields a JSON object
   * @returns the new version; undefined when somebody else made one in between
   * @throws {StoreFault}
   */
  replace(fields: string, expected: number): Promise<Written | undefined> {
    return this.#put(fields, expected, { retryFor: 0 });
  }

  /**
   * Does what `replace` does, for a version that cannot be the latest one: the server judges the whole request before it
   * finds that out, and writes nothing.
   * @throws {StoreFault} when the write would be refused
   */
  async rehearse(fields: string, attempts: Attempts): Promise<void> {
    if ((await this.#put(fields, IMPOSSIBLE_VERSION, attempts)) !== undefined)
      throw new StoreFault(
        "the server took a write that names a version which does not exist: it does not keep versions apart (vault kv rollback brings the earlier one back)",
      );
  }

  /** @returns the new version; undefined when `latest` is not the latest one */
  async #put(fields: string, latest: number, attempts: Attempts): Promise<Written | undefined> {
    const { status, body } = await this.#client.send({
      method: "POST",
      path: this.dataPath,
      jsonText: `{"data":${fields},"options":{"cas":${latest}}}`,
      ...attempts,
    });
    const written = WriteAnswer.safeParse(body);
    if (status === 200 && written.success) {
      const { version, deletion_time: deletionTime } = written.data.data;
      return { version, deletionTime };
    }
    if (status === 400 && says(body, /check-and-set parameter did not match/)) return undefined;
    throw this.#refusedWrite(status, body);
  }

  /** Deletes the latest version; it can be undeleted, and older versions stay. @throws {StoreFault} */
  async deleteLatest(): Promise<void> {
    const { status, body } = await this.#client.send({ method: "DELETE", path: this.dataPath, retryFor: 0 });
    if (status !== 204 && status !== 200) throw this.#refused("deleting", status, body);
  }

  #refusedWrite(status: number, body: unknown): StoreFault {
    const where = this.dataPath;
    if (status === 200 && KeptBack.safeParse(body).success)
      return new StoreFault(
        `a write to ${where} waits until somebody approves of it, so nothing is stored: a control group. Take the token, or the path, out of it`,
      );
    if (status === 403)
      return new StoreFault(
        `the token is not allowed to write ${where} (403): it needs create and update there, and no rule of a policy (allowed_parameters, denied_parameters, Sentinel) may keep out "data" or "options"`,
      );
    if (status === 404) return new StoreFault(`there is no ${where} to write to any more (404)`);
    if (status === 413)
      return new StoreFault(`the entry, with the fields of others, is too large for the server (413)`);
    return this.#refused("writing", status, body);
  }

  #refused(what: string, status: number, body: unknown): StoreFault {
    if (status === 403) return new StoreFault(`the token is not allowed ${what} ${this.dataPath} (403)`);
    if (says(body, /[Uu]pgrading from non-versioned/))
      return new StoreFault("its mount is being upgraded to KV version 2; that takes a moment");
    const usable = status >= 400 ? "" : ", an answer that cannot be used";
    return new StoreFault(`${what} ${this.dataPath} was answered ${status}${usable}`);
  }
}

/** Whether one of the server's reasons fits; the reasons themselves are never shown. */
function says(body: unknown, reason: RegExp): boolean {
  const refusal = Refusal.safeParse(body);
  return refusal.success && refusal.data.errors.some((text) => reason.test(text));
}
