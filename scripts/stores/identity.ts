import { rowOf } from "./schemes";
import type { StoreUri } from "./uri";

/**
 * What two URIs of one store have in common, whatever they say of how it is made or reached: two clients that write it
 * would overwrite each other's secret.
 * @param folder where relative paths start. @default - the working folder
 */
export function identityOf({ scheme, target, options }: StoreUri, folder = ""): string {
  const row = rowOf(scheme);
  // Two spellings of one file are one store. Whose home folder it will be is not known everywhere.
  const place = row.localFile?.(target as string, folder, "~") ?? target;
  const telling = [...options].filter(([name]) => row.options[name]?.identity).sort();
  return JSON.stringify([scheme, place, telling]);
}
