import { dirname } from "node:path";
import { rowOf } from "./schemes";
import type { StoreUri } from "./uri";

/**
 * What two URIs of one store have in common, whatever they say of how it is made or reached: two clients that write it
 * would overwrite each other's secret.
 * @param folder where relative paths start. @default - the working folder
 */
export function identityOf(uri: StoreUri, folder = ""): string {
  return JSON.stringify([uri.scheme, placeOf(uri, folder), tellingOptions(uri)]);
}

/**
 * What the stores have in common that fail together: a file's folder, a mount, a namespace, a project; where the URI
 * names none of these, the server or the account that all stores of the scheme are in.
 * @param folder where relative paths start
 */
export function backendOf(uri: StoreUri, folder: string): string {
  const place = placeOf(uri, folder);
  const text = rowOf(uri.scheme).localFile ? dirname(place as string) : "";
  return JSON.stringify([uri.scheme, typeof place === "string" ? text : place[0], tellingOptions(uri)]);
}

/** Two spellings of one file are one store. Whose home folder it will be is not known everywhere. */
function placeOf({ scheme, target }: StoreUri, folder: string): StoreUri["target"] {
  return rowOf(scheme).localFile?.(target as string, folder, "~") ?? target;
}

function tellingOptions({ scheme, options }: StoreUri): [string, string][] {
  return [...options].filter(([name]) => rowOf(scheme).options[name]?.identity).sort();
}
