import { resolve } from "node:path";
import type { StoreUri } from "./uri";

/** Options that say how a store is made or reached, not which one it is. */
const NO_IDENTITY = [
  "create",
  "kms_key",
  "description",
  "tags",
  "tier",
  "auth",
  "role",
  "auth_mount",
  "audience",
  "token_file",
  "force",
  "locations",
  "disable_previous",
];

/**
 * What two URIs of one store have in common, whatever they say of how it is made or reached: two clients that write it
 * would overwrite each other's secret.
 * @param folder where relative paths start. @default - the working folder
 */
export function identityOf({ scheme, target, options }: StoreUri, folder = ""): string {
  // Two spellings of one file are one store.
  if (scheme === "file" && typeof target === "string" && !target.startsWith("~"))
    return `file:${resolve(folder, target)}`;
  const telling = [...options].filter(([name]) => !NO_IDENTITY.includes(name)).sort();
  return JSON.stringify([scheme, target, telling]);
}
