import { quote } from "../printable";
import type { StoredDocument } from "../stores/document";

/** What this run is asked for. */
export interface Wanted {
  readonly clientId: string;
  /** Rotation id; null when none was given, which asks for a new secret in any case. */
  readonly rotation: string | null;
  /** URIs of all stores. */
  readonly stores: readonly string[];
}

/** What one store was found to hold. */
export interface Found {
  readonly uri: string;
  readonly readable: boolean;
  readonly document?: StoredDocument;
}

export type Plan =
  | { readonly action: "regenerate"; readonly reason: string }
  /** `document` is to be written into `into`, if its secret still logs in; it is then refreshed where it already is. */
  | {
      readonly action: "copy";
      readonly document: StoredDocument;
      readonly into: readonly string[];
      readonly reason: string;
    };

/**
 * Decides what a run has to do, from what the stores hold. Only one thing spares a rotation: the same client and
 * rotation, with nothing new but the list of stores. Anything else regenerates, `terraform apply -replace` included.
 */
export function planRotation(wanted: Wanted, found: readonly Found[]): Plan {
  const regenerate = (reason: string): Plan => ({ action: "regenerate", reason });
  if (wanted.rotation === null) return regenerate("it was asked for, without a rotation id");

  const documents = found.flatMap(({ document }) => (document ? [document] : []));
  const ofClient = documents.filter((document) => document.clientId === wanted.clientId);
  const current = ofClient.filter((document) => document.rotation === wanted.rotation);
  const [first, ...others] = current;
  if (!first) {
    if (documents.length === 0) return regenerate("no store holds a secret of this client yet");
    if (ofClient.length === 0) return regenerate("the stores hold the secret of another client");
    return regenerate(`the rotation id has changed to ${quote(wanted.rotation)}`);
  }
  if (others.some((document) => !document.clientSecret.equals(first.clientSecret)))
    return regenerate("the stores hold different secrets");

  const given = new Set(current.flatMap((document) => document.stores));
  const holding = new Set(
    found.filter(({ document }) => document && current.includes(document)).map(({ uri }) => uri),
  );
  const lost = found.find(({ uri, readable }) => readable && given.has(uri) && !holding.has(uri));
  if (lost) return regenerate(`${lost.uri} no longer holds the secret it was given`);

  if (current.every((document) => sameMembers(document.stores, wanted.stores))) {
    return regenerate("it was asked for again, with the same stores and rotation id");
  }
  const into = found
    .filter(({ uri, readable }) => (readable ? !holding.has(uri) : !given.has(uri)))
    .map(({ uri }) => uri);
  return { action: "copy", document: first, into, reason: "only the list of stores is new" };
}

function sameMembers(one: readonly string[], other: readonly string[]): boolean {
  const members = new Set(one);
  return members.size === new Set(other).size && other.every((member) => members.has(member));
}
