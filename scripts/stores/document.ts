import { Secret } from "../secret";

/** What a store holds of a client: the fields that this program owns in the stored JSON object. */
export interface StoredDocument {
  readonly clientId: string;
  readonly clientSecret: Secret;
  /** AWS name of the region. */
  readonly region: string;
  /** ISO 8601, UTC. */
  readonly regeneratedAt: string;
  /** The rotation id; null when the run that wrote it had none. */
  readonly rotation: string | null;
  /** URIs of all stores that were given the secret. */
  readonly stores: readonly string[];
}

const OWN_FIELDS = ["client_id", "client_secret", "region", "regenerated_at", "rotation", "stores"];

/** The document as the JSON object that is stored. */
export function toJsonObject(document: StoredDocument): Record<string, unknown> {
  return {
    client_id: document.clientId,
    client_secret: document.clientSecret.reveal(),
    region: document.region,
    regenerated_at: document.regeneratedAt,
    rotation: document.rotation,
    stores: document.stores,
  };
}

/** Reads a document out of a stored JSON object; undefined when it holds no client and secret. */
export function fromJsonObject(object: Readonly<Record<string, unknown>>): StoredDocument | undefined {
  const { client_id, client_secret, region, regenerated_at, rotation, stores } = object;
  if (typeof client_id !== "string" || typeof client_secret !== "string" || client_secret === "")
    return undefined;
  return {
    clientId: client_id,
    clientSecret: new Secret(client_secret),
    region: typeof region === "string" ? region : "",
    regeneratedAt: typeof regenerated_at === "string" ? regenerated_at : "",
    rotation: typeof rotation === "string" ? rotation : null,
    stores: Array.isArray(stores) ? stores.filter((uri) => typeof uri === "string") : [],
  };
}

/** A stored JSON object without the fields that this program owns: what others keep in it. */
export function withoutOurs(object: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !OWN_FIELDS.includes(name)));
}
