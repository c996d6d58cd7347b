import { loadPart } from "../core/load-part";
import { rowOf } from "./schemes";
import type { OpenedStore, Store, StoreContext } from "./store";
import { isReadable } from "./traits";
import type { StoreUri } from "./uri";

/** What `<scheme>/store.ts` exports. */
interface StoreCode {
  openStore(uri: StoreUri, context: StoreContext): Store;
}

/** Opens a store. Its code is loaded only when it is used: the build makes a file of each `<scheme>/store.ts`. */
export async function openStore(uri: StoreUri, context: StoreContext): Promise<OpenedStore> {
  const load = (): Promise<StoreCode> => import(`./${uri.scheme}/store.ts`);
  const code = await loadPart(`The store ${uri.scheme}:`, load);
  const { notRehearsed } = rowOf(uri.scheme);
  return Object.assign(code.openStore(uri, context), { readable: isReadable(uri), notRehearsed });
}
