import fc from "fast-check";
import { STORE_KINDS, type StoreKind } from "../stores/torture-store";
import { type Surroundings, type Trouble, troubles } from "./trouble";

/** What earlier runs have left in the stores. */
export type History =
  /** Nothing. */
  | "none"
  /** The live secret. */
  | "live"
  /** A secret that has died since. */
  | "dead"
  /** The first store holds the live secret, the others are new: only the list of stores has changed. */
  | "new stores"
  /** The first store holds the live secret of another client; nothing, when it cannot be read. */
  | "another client's";

/** One run of the program, and all that goes wrong while it runs. */
export interface Schedule {
  readonly stores: readonly StoreKind[];
  readonly history: History;
  /** Whether others have put something into the stores, or beside them. */
  readonly others: boolean;
  /** Earlier runs had "1". */
  readonly rotation: null | "1" | "2";
  readonly grant: "CLIENT-CREDENTIALS" | "CODE";
  readonly admin: "client" | "token";
  readonly by: "id" | "name" | "both";
  readonly tls: boolean;
  /** Milliseconds for which the login service refuses a regenerated secret. */
  readonly loginLag: number;
  /** The program's own limits, seconds. */
  readonly retry: number;
  readonly verify: number;
  readonly troubles: readonly Trouble[];
}

/** Schedules, shrinking to: one store, nothing before, no trouble. */
export function schedules(around: Surroundings): fc.Arbitrary<Schedule> {
  return fc.record({
    stores: fc.uniqueArray(fc.constantFrom(...STORE_KINDS), {
      minLength: 1,
      maxLength: 3,
      // Both kinds of Vault would read the same variables.
      selector: (kind) => (kind.startsWith("vault") ? "vault" : kind),
    }),
    history: fc.constantFrom<History>("none", "live", "dead", "new stores", "another client's"),
    others: fc.boolean(),
    rotation: fc.constantFrom(null, "1" as const, "2" as const),
    grant: fc.constantFrom("CLIENT-CREDENTIALS" as const, "CLIENT-CREDENTIALS" as const, "CODE" as const),
    admin: fc.constantFrom("client" as const, "client" as const, "token" as const),
    by: fc.constantFrom("id" as const, "name" as const, "both" as const),
    tls: fc.boolean(),
    loginLag: fc.constantFrom(0, 0, 0, 700, 3_000, 20_000),
    retry: fc.constantFrom(...(around.fast ? [2, 8, 20] : [1, 3])),
    verify: fc.constantFrom(...(around.fast ? [1, 4, 12] : [1, 2])),
    troubles: fc.array(troubles(around), { minLength: 0, maxLength: around.fast ? 6 : 3, size: "max" }),
  });
}
