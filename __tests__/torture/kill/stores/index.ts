import { parameterStore, secretsManager } from "./on-moto";
import { azure, gcp, genesysCredential, githubActions, gitlab, kubernetes, vault } from "./on-servers";
import { command, file, githubEnv, gitlabDotenv } from "./on-this-machine";
import type { StoreKind } from "./tested-store";

/** What else is wrong when a run is killed, and in the run after it. */
export type Trouble =
  /** The login service denies this machine to all but the admin. */
  | "logins denied"
  /** Rehearsals pass, and the write that follows is refused. */
  | "writes refused";

/** What a run is given: one store, or several at once. */
export interface Target {
  readonly name: string;
  readonly kinds: readonly StoreKind[];
  /** @default - nothing is wrong but the kill */
  readonly trouble?: Trouble;
}

const alone = (kind: StoreKind): Target => ({ name: kind.name, kinds: [kind] });
const three: Target = { name: "three stores at once", kinds: [file, vault, githubActions] };
const when = (trouble: Trouble, { name, kinds }: Target): Target => ({
  name: `${name}, ${trouble}`,
  kinds,
  trouble,
});

/** Every store of the program but `stdout:`, which keeps nothing; and some of them when more is wrong. */
export const targets: readonly Target[] = [
  ...[file, vault, secretsManager, parameterStore, azure, gcp, kubernetes].map(alone),
  ...[githubActions, gitlab, genesysCredential, command, githubEnv, gitlabDotenv].map(alone),
  three,
  ...[...[file, vault, secretsManager, githubActions].map(alone), three].map((target) =>
    when("logins denied", target),
  ),
  ...[vault, gcp, kubernetes, gitlab].map((kind) => when("writes refused", alone(kind))),
];

/** The tool that a target lacks on this machine; undefined when it can be run. */
export function missingFor(target: Target): string | undefined {
  return target.kinds.find(({ missing }) => missing !== undefined)?.missing;
}
