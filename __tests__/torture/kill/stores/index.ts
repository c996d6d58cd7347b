import { parameterStore, secretsManager } from "./on-moto";
import { azure, gcp, genesysCredential, githubActions, gitlab, kubernetes, vault } from "./on-servers";
import { command, file, githubEnv, gitlabDotenv } from "./on-this-machine";
import type { StoreKind } from "./tested-store";

/** What a run is given: one store, or several at once. */
export interface Target {
  readonly name: string;
  readonly kinds: readonly StoreKind[];
}

const alone = (kind: StoreKind): Target => ({ name: kind.name, kinds: [kind] });

/** Every store of the program but `stdout:`, which keeps nothing. */
export const targets: readonly Target[] = [
  ...[file, vault, secretsManager, parameterStore, azure, gcp, kubernetes].map(alone),
  ...[githubActions, gitlab, genesysCredential, command, githubEnv, gitlabDotenv].map(alone),
  { name: "three stores at once", kinds: [file, vault, githubActions] },
];

/** The tool that a target lacks on this machine; undefined when it can be run. */
export function missingFor(target: Target): string | undefined {
  return target.kinds.find(({ missing }) => missing !== undefined)?.missing;
}
