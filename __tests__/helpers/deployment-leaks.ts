import { sweep, type Traces } from "../../sandbox/sweep/sweep";
import type { Deployment } from "./deployment";

/** What a sweep of a deployment found. */
export interface DeploymentLeaks {
  /** Where a secret or a token stands that should not. */
  readonly leaks: readonly string[];
  /** Where one stands by right: in the store, and the admin's secret in the environment. No sweep that sees is without. */
  readonly expected: readonly string[];
}

/**
 * Sweeps the project's folder, its `home`, `tmp` and caches included, the sandbox's journal, and what else is given, for
 * every client secret and token that ever was: the admin's, the one that a client was born with, dead ones.
 * @param stores paths of the files that hold a secret by right. @default - the project's one store
 */
export function leaksOf(
  { sandbox, project }: Deployment,
  traces: Traces = {},
  stores: readonly string[] = [project.storePath],
): DeploymentLeaks {
  const { findings } = sweep(
    {
      ...traces,
      folders: [project.folder, ...(traces.folders ?? [])],
      texts: { "the sandbox's journal": JSON.stringify(sandbox.journal), ...traces.texts },
    },
    [...sandbox.everySecretEver().map(({ secret }) => secret), ...sandbox.everyTokenEver()],
  );
  // The admin's client is the first that the sandbox made; its secret is where the user put it, for all to inherit.
  const isAdmins = (finding: string): boolean => /^environment of .*: secret 0, raw$/.test(finding);
  // Also its sibling of mode 0600, while it is replaced.
  const isInStore = (finding: string): boolean =>
    stores.some((store) =>
      [store, `${store}.genesys-secret.tmp`].some((path) =>
        finding.replace(/^written to /, "").startsWith(`${path}: `),
      ),
    );
  const isExpected = (finding: string): boolean => isAdmins(finding) || isInStore(finding);
  return {
    leaks: findings.filter((finding) => !isExpected(finding)),
    expected: findings.filter(isExpected),
  };
}
