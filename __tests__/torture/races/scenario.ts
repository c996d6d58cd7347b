import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Sandbox } from "../../../sandbox/org";
import type { Moto } from "../../helpers/moto";
import { githubStore } from "../stores/continuous-integration";
import { fileStore } from "../stores/file";
import { genesysCredentialStore } from "../stores/genesys-credential";
import { kubernetesStore } from "../stores/kubernetes";
import { secretsManagerStore } from "../stores/secrets-manager";
import type { StoreSite, TortureStore } from "../stores/torture-store";
import { vaultStore } from "../stores/vault";

/** Where a round happens. */
export interface Site extends StoreSite {
  readonly sandbox: Sandbox;
  readonly clientId: string;
  /** @default - there is no moto here */
  readonly moto?: Moto;
  /** A name of this round's own. */
  readonly name: string;
}

/** Which stores the runs of a race are given. */
export interface Scenario {
  readonly title: string;
  /** Whether all runs have the same stores, so that the last one is answerable for each. */
  readonly shared: boolean;
  readonly needsMoto?: boolean;
  /** Whether a killed run has left its lock beside the file. */
  readonly staleLock?: boolean;
  open(site: Site): Promise<readonly TortureStore[]>;
  /** The stores of the n-th run. */
  of(stores: readonly TortureStore[], run: number): readonly TortureStore[];
}

const all = (stores: readonly TortureStore[]): readonly TortureStore[] => stores;

const file = (site: Site, name = "orders.json"): TortureStore => {
  const folder = join(site.folder, name.replace(".json", ""));
  mkdirSync(folder, { recursive: true });
  return fileStore({ ...site, folder }, name);
};

export const SCENARIOS: readonly Scenario[] = [
  { title: "file", shared: true, open: async (site) => [file(site)], of: all },
  { title: "file, a stale lock", shared: true, staleLock: true, open: async (site) => [file(site)], of: all },
  { title: "vault", shared: true, open: async (site) => [await vaultStore("vault", site)], of: all },
  { title: "kubernetes", shared: true, open: async (site) => [await kubernetesStore(site)], of: all },
  {
    title: "aws-secretsmanager",
    shared: true,
    needsMoto: true,
    open: async (site) => [await secretsManagerStore(site.moto as Moto, site.name)],
    of: all,
  },
  { title: "github-actions", shared: true, open: async () => [await githubStore()], of: all },
  {
    title: "genesys-credential",
    shared: true,
    open: async ({ sandbox, clientId }) => [await genesysCredentialStore(sandbox, clientId)],
    of: all,
  },
  {
    title: "two files, named in opposite order",
    shared: true,
    open: async (site) => [file(site, "one.json"), file(site, "other.json")],
    of: (stores, run) => (run % 2 === 0 ? stores : [...stores].reverse()),
  },
  {
    title: "vault and kubernetes",
    shared: true,
    open: async (site) => [await vaultStore("vault", site), await kubernetesStore(site)],
    of: all,
  },
  {
    title: "different stores: a file each",
    shared: false,
    open: async (site) => Array.from({ length: 10 }, (_, index) => file(site, `run-${index}.json`)),
    of: (stores, run) => [stores[run % stores.length] as TortureStore],
  },
  {
    title: "different stores: file, vault, kubernetes",
    shared: false,
    open: async (site) => [file(site), await vaultStore("vault", site), await kubernetesStore(site)],
    of: (stores, run) => [stores[run % stores.length] as TortureStore],
  },
];
