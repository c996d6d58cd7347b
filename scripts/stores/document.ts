import { GENESYS_ID, tokenOf } from "../core/patterns";
import { Secret } from "../core/secret";

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

// What no run of this program writes is somebody else's text: it is not taken for an id, a secret or a time, which go
// into headers, environments, command lines and messages from here.
const STORED_SECRET = tokenOf(1, 1024);
const REGION = /^[a-z0-9-]{1,64}$/;
const TIME = /^\d{4}-\d\d-\d\dT[\d:.]{1,20}Z$/;

/** Reads a document out of a stored JSON object; undefined when it holds no client and secret. */
export function fromJsonObject(object: Readonly<Record<string, unknown>>): StoredDocument | undefined {
  const { client_id, client_secret, region, regenerated_at, rotation, stores } = object;
  if (!fits(client_id, GENESYS_ID) || !fits(client_secret, STORED_SECRET)) return undefined;
  return {
    clientId: client_id,
    clientSecret: new Secret(client_secret),
    region: fits(region, REGION) ? region : "",
    regeneratedAt: fits(regenerated_at, TIME) ? regenerated_at : "",
    rotation: typeof rotation === "string" ? rotation : null,
    stores: Array.isArray(stores) ? stores.filter((uri) => typeof uri === "string") : [],
  };
}

function fits(value: unknown, rule: RegExp): value is string {
  return typeof value === "string" && rule.test(value);
}

/** A stored JSON object without the fields that this program owns: what others keep in it. */
export function withoutOurs(object: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !OWN_FIELDS.includes(name)));
}
