import { Secret } from "../core/secret";
import { BrokenInput } from "./broken-input";
import type { Origin } from "./origin";
import type { Scan } from "./scanner";
import type { FoundBy } from "./sighting";

/** One place where a secret stands. */
export interface Place extends Origin {
  readonly line: number;
  readonly foundBy: FoundBy;
  readonly what: string;
}

/** A client that a secret may belong to. */
export interface Owner {
  readonly clientId: string;
  /** Whether that id is no more than the nearest of several. */
  readonly nearest: boolean;
}

/** A secret, and where it stands. */
export interface Leak {
  readonly secret: Secret;
  /** The surest first; none when no id stands beside it anywhere. */
  readonly owners: readonly Owner[];
  readonly places: readonly Place[];
}

/** Something that could not be looked at, or not to its end. */
export interface Unread extends Origin {
  readonly reason: string;
}

/** Files whose names promise JSON of Terraform's. */
const STATE_NAME = /\.tfstate(\.[^/\\]*)?$|\.tf\.json$/i;
const JSON_NAME = /\.json$/i;
const MAX_PLACES = 100_000;

/** All that an audit has come upon. The same secret is one leak, wherever it stands. */
export class Findings {
  readonly #leaks = new Map<string, { owners: Map<string, Owner>; places: Place[] }>();
  readonly #unread: Unread[] = [];
  readonly #encrypted: Origin[] = [];
  #places = 0;
  /** Places of known secrets that are only counted. */
  unlisted = 0;
  streams = 0;
  /** Git histories that were met and not asked for. */
  unreadHistories = 0;

  /** Takes over what one stream held. */
  add(origin: Origin, scan: Scan): void {
    this.streams += 1;
    this.unlisted += scan.unlisted;
    for (const { value, line, foundBy, what, clientId, nearest = false } of scan.sightings) {
      const leak = this.#leaks.get(value) ?? { owners: new Map<string, Owner>(), places: [] };
      this.#leaks.set(value, leak);
      const known = clientId === undefined ? undefined : leak.owners.get(clientId);
      if (clientId !== undefined && (!known || known.nearest))
        leak.owners.set(clientId, { clientId, nearest });
      if (this.#places === MAX_PLACES) this.unlisted += 1;
      else {
        this.#places += 1;
        leak.places.push({ ...origin, line, foundBy, what });
      }
    }
    if (scan.isEncrypted && scan.isTerraform) this.#encrypted.push(origin);
    const reason = brokenBecause(origin, scan);
    if (reason !== undefined) this.addUnread(origin, new BrokenInput(reason));
  }

  addUnread(origin: Origin, fault: BrokenInput): void {
    this.#unread.push({ ...origin, reason: fault.message });
  }

  get leaks(): Leak[] {
    return [...this.#leaks].map(([value, { owners, places }]) => ({
      secret: new Secret(value),
      owners: [...owners.values()].sort((one, other) => Number(one.nearest) - Number(other.nearest)),
      places,
    }));
  }

  get unread(): readonly Unread[] {
    return this.#unread;
  }

  /** States that OpenTofu has encrypted: what is in them cannot be told. */
  get encrypted(): readonly Origin[] {
    return this.#encrypted;
  }
}

/** Much that begins like JSON is none, and was never meant to be: only what should be Terraform's counts as broken. */
function brokenBecause(origin: Origin, { brokenJson, isTerraform, isJson }: Scan): string | undefined {
  const name = origin.inside.at(-1) ?? origin.file;
  if (isJson === false && STATE_NAME.test(name)) return "it is no state: it does not begin as JSON";
  const shouldBe = isTerraform || STATE_NAME.test(name) || (origin.isNamed && JSON_NAME.test(name));
  return shouldBe ? brokenJson : undefined;
}
