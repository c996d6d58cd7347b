import { rowOf } from "./schemes";
import type { StoreUri } from "./uri";

/** Whether a store holds one value without a name: nobody sees whose it is. */
export function holdsBareValue({ scheme, options }: StoreUri): boolean {
  const { holds, bareWith } = rowOf(scheme);
  return holds === "a bare value" || (bareWith !== undefined && options.has(bareWith));
}

/** Whether a store can be read back. */
export function isReadable(uri: StoreUri): boolean {
  return rowOf(uri.scheme).readable && !holdsBareValue(uri);
}

/** Whether, and why, a store may not be used from a Terraform local-exec. */
export function refusalUnderTerraform({ scheme }: StoreUri): string | undefined {
  return rowOf(scheme).refusedUnderTerraform;
}

/** Whether a store prints on standard output. */
export function isPrinting({ scheme }: StoreUri): boolean {
  return rowOf(scheme).printing === true;
}
