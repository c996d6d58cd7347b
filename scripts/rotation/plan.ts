import { quote } from "../core/printable";
import { ADOPTED, howDoneOutside, isDoneOutside } from "../core/schedule";
import type { StoredDocument } from "../stores/document";
import { hasSameMembers } from "./holdings";

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
  | {
      readonly action: "regenerate";
      readonly clientId: string;
      readonly reason: string;
      /** What it would replace without a request: not where it is unknown whether its secret is valid. @default - nothing */
      readonly doubted?: StoredDocument;
    }
  /** `document` is to be written into `into`, if its secret still logs in; it is then refreshed where it already is. */
  | {
      readonly action: "copy";
      readonly document: StoredDocument;
      readonly into: readonly string[];
      readonly reason: string;
    };

/**
 * Decides what a run has to do, from what the stores hold. Two things spare a rotation: the same client and rotation,
 * with nothing new but the list of stores; and that rotation's having been done outside Terraform, which is noted as
 * Terraform's own then, so that it spares one only once. So does a run before that stored the secret and did not see it
 * log in. Anything else regenerates; `terraform apply -replace`, which asks for the same once more, only where it is
 * known whether the stored secret is valid.
 */
export function planRotation(wanted: Wanted, found: readonly Found[]): Plan {
  const { clientId, rotation } = wanted;
  const regenerate = (reason: string): Plan => ({ action: "regenerate", clientId, reason });
  if (rotation === null) return regenerate("it was asked for, without a rotation id");

  const documents = found.flatMap(({ document }) => (document ? [document] : []));
  const ofClient = documents.filter((document) => document.clientId === clientId);
  const isOutside = (document: StoredDocument): boolean => isDoneOutside(document.rotation, rotation);
  const current = ofClient.filter((document) => document.rotation === rotation || isOutside(document));
  const [first, ...others] = current;
  if (!first) {
    if (documents.length === 0) return regenerate("no store holds a secret of this client yet");
    if (ofClient.length === 0) return regenerate("the stores hold the secret of another client");
    return regenerate(`the rotation id has changed to ${quote(rotation)}`);
  }
  if (others.some((document) => !document.clientSecret.equals(first.clientSecret)))
    return regenerate("the stores hold different secrets");

  const given = new Set(current.flatMap((document) => document.stores));
  const holding = new Set(
    found.filter(({ document }) => document && current.includes(document)).map(({ uri }) => uri),
  );
  const lost = found.find(({ uri, readable }) => readable && given.has(uri) && !holding.has(uri));
  // An adopted secret is in use: a copy that is missing is made up for, and is no reason to end it.
  if (lost && first.rotation !== ADOPTED)
    return regenerate(`${lost.uri} no longer holds the secret it was given`);

  const adopted = current.some(isOutside);
  const marked = current.some(({ verified }) => verified === false);
  const isComplete = current.every((document) => hasSameMembers(document.stores, wanted.stores));
  if (!adopted && !marked && isComplete) {
    const reason = "it was asked for again, with the same stores and rotation id";
    return { action: "regenerate", clientId, reason, doubted: first };
  }
  // The run that left the mark ended with an error: what cannot be read may not have been written.
  const into = found
    .filter(({ uri, readable }) => (readable ? !holding.has(uri) : marked || !given.has(uri)))
    .map(({ uri }) => uri);
  const reason = adopted
    ? howDoneOutside(first.rotation)
    : isComplete
      ? "the run before has stored it, and did not see it log in"
      : "only the list of stores is new";
  const document = { ...first, rotation, ...(marked && { verified: false as const }) };
  return { action: "copy", document, into, reason };
}
