import { type StoredDocument, toJsonObject } from "./document";
import { StoreFault } from "./store";

type JsonObject = Record<string, unknown>;

/**
 * The JSON object that a secret's value is.
 * @param value the value; undefined or blank when there is none
 * @throws {StoreFault} when it is something else, which is not ours to overwrite
 */
export function parseObject(value: string | undefined): JsonObject {
  if (value === undefined || value.trim() === "") return {};
  let object: unknown;
  try {
    object = JSON.parse(value);
  } catch {
    object = undefined;
  }
  if (typeof object === "object" && object !== null && !Array.isArray(object)) return object as JsonObject;
  throw new StoreFault("it holds something that is not a JSON object");
}

/** The new value: our fields replaced, those of others kept. */
export function merged(object: Readonly<JsonObject>, document: StoredDocument): string {
  return JSON.stringify({ ...object, ...toJsonObject(document) });
}
