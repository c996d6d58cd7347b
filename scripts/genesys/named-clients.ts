import { ClientError } from "../core/errors";
import { printable, quote } from "../core/printable";
import type { Region } from "../core/regions";
import type { OAuthClient } from "./answers";

/** Clients that are asked for by name, found in a listing: names are case-sensitive, and need not be unique. */
export class NamedClients {
  readonly #region: Region;
  /** By name, in lower case: clients by their id. */
  readonly #found = new Map<string, Map<string, OAuthClient>>();

  /** @param names all that will be asked for; nothing is kept of the other clients */
  constructor(names: Iterable<string>, region: Region) {
    this.#region = region;
    for (const name of names) this.#found.set(name.toLowerCase(), new Map());
  }

  /** A client of the listing; one that is offered twice counts once. */
  offer(client: OAuthClient): void {
    this.#found.get(client.name.toLowerCase())?.set(client.id, client);
  }

  /** @throws {ClientError} when there is none of this name, or several: each is listed by id */
  only(name: string): OAuthClient {
    const alike = [...(this.#found.get(name.toLowerCase())?.values() ?? [])];
    const matches = alike.filter((client) => client.name === name);
    const [only, ...others] = matches;
    if (only && others.length === 0) return only;
    if (only) {
      const ids = matches.map(({ id }) => printable(id)).join(", ");
      throw new ClientError(`${matches.length} clients are named ${quote(name)}: ${ids}.`, {
        code: "ERR_CLIENT_AMBIGUOUS",
        remedy: "Name the one you mean by its id: with --client-id, or as an imported client in the stack.",
      });
    }
    const similar = alike.map((client) => `${quote(client.name)} (${client.id})`);
    const hint = similar.length
      ? ` Names are case-sensitive; there is ${[...new Set(similar)].join(", ")}.`
      : "";
    throw new ClientError(`No OAuth client is named ${quote(name)} in ${this.#region.name}.${hint}`, {
      code: "ERR_CLIENT_NOT_FOUND",
      remedy: similar.length
        ? "Use the name as it is written there."
        : "Check the name and the region, then run again.",
    });
  }
}
