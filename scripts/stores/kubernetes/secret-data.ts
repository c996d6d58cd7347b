import { randomBytes } from "node:crypto";
import { fromJsonObject, type StoredDocument, toJsonObject } from "../document";

/** The document as keys of a Secret: one a field, so that a pod can mount or import them; `stores` is JSON text. */
export function toSecretData(document: StoredDocument): Record<string, string> {
  const { stores, rotation, verified, ...texts } = toJsonObject(document);
  return encode({
    ...(texts as Record<string, string>),
    // A key that is left out goes from the Secret, which is what "no rotation id" means.
    ...(typeof rotation === "string" ? { rotation } : {}),
    ...(verified === false ? { verified: "false" } : {}),
    stores: JSON.stringify(stores),
  });
}

/** Reads a document out of a Secret's keys; undefined when they hold no client and secret. */
export function fromSecretData(data: Readonly<Record<string, string>>): StoredDocument | undefined {
  const texts = Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64").toString("utf8")]),
  );
  return fromJsonObject({ ...texts, stores: parse(texts.stores) });
}

/** Values of the right shape that are nothing to anybody: what a rehearsal sends, and an audit log may keep. */
export function canaryData(): Record<string, string> {
  const canary = (): string => `rehearsal-${randomBytes(24).toString("base64url")}`;
  return encode({
    client_id: canary(),
    client_secret: canary(),
    region: canary(),
    regenerated_at: canary(),
    rotation: canary(),
    stores: JSON.stringify([canary()]),
  });
}

function encode(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).map(([key, text]) => [key, Buffer.from(text, "utf8").toString("base64")]),
  );
}

function parse(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
