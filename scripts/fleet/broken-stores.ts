import { NotStoredError, StoreNotReadyError } from "../core/errors";
import { printable } from "../core/printable";
import { backendOf } from "../stores/identity";
import type { OpenedStore } from "../stores/store";
import type { StoreUri } from "../stores/uri";
import type { FleetClient } from "./manifest";
import type { Row } from "./row";

/**
 * The stores of a run that took no secret after it was replaced, though their rehearsal had passed. What is wrong with
 * one is most likely wrong for the next client, too, which would lose its secret in the same way.
 */
export class BrokenStores {
  readonly #broken = new Map<string, StoreNotReadyError>();

  /**
   * How it went for a client.
   * @returns what is not used any more from here on
   */
  note({ folder, stores }: FleetClient, row: Row): readonly string[] {
    if (!(row.error instanceof NotStoredError)) return [];
    return row.stores.flatMap(({ uri, holds, reason }) => {
      const store = stores.find(({ text }) => text === uri);
      const backend = store && backendOf(store, folder);
      if (holds !== "not written" || backend === undefined || this.#broken.has(backend)) return [];
      this.#broken.set(backend, broken(uri, reason));
      return [
        `${printable(uri)} took no secret: it, and what is beside it, is not used any more in this run`,
      ];
    });
  }

  /** Why a client's secret must not be replaced now; undefined when nothing is known against it. */
  whyNot({ folder, stores }: FleetClient): StoreNotReadyError | undefined {
    return stores.map((uri) => this.#of(uri, folder)).find((error) => error !== undefined);
  }

  /** Has a store be asked about once more by its rehearsal, which is the last thing before a secret is replaced. */
  guard(store: OpenedStore, folder: string): OpenedStore {
    const rehearse = store.rehearse?.bind(store);
    store.rehearse = async (document) => {
      const error = this.#of(store.uri, folder);
      if (error) throw error;
      await rehearse?.(document);
    };
    return store;
  }

  #of(uri: StoreUri, folder: string): StoreNotReadyError | undefined {
    return this.#broken.get(backendOf(uri, folder));
  }
}

function broken(uri: string, reason = "for an unknown reason"): StoreNotReadyError {
  return new StoreNotReadyError(
    `In this run a write into ${printable(uri)} has failed: ${reason}.`,
    "Correct that, then run again; the present secret stays valid.",
    "ERR_STORE_BROKEN",
  );
}
