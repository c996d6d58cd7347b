import { Annotations, TerraformBackend, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { isScheme, rowOf } from "../scripts/stores/schemes";
import type { SecretStore } from "./secret-store";

/**
 * Warns where a client's secret would be written to the disk of a machine that is thrown away: whether a workspace of
 * HCP Terraform runs there or only keeps the state is its own setting, which a synth does not see.
 */
export function warnOfRemoteRuns(scope: Construct, stores: readonly SecretStore[]): void {
  const stack = TerraformStack.of(scope);
  if (!stack.node.findAll().some((one) => runsRemotely(one) && TerraformStack.of(one) === stack)) return;
  for (const { uri } of stores) {
    const scheme = uri.slice(0, uri.indexOf(":"));
    if (!isScheme(scheme) || !rowOf(scheme).localFile) continue;
    Annotations.of(scope).addWarning(
      `${uri} is a file, and the stack's backend may run Terraform on a machine that is thrown away after the run: ` +
        'the only copy of the secret would go with it. Use another store, or set the workspace\'s execution mode to "Local".',
    );
  }
}

/** Whether it is a `cloud` block, or the backend `remote`. */
function runsRemotely(construct: object): boolean {
  if (!TerraformBackend.isBackend(construct)) return false;
  const { terraform } = construct.toTerraform() as {
    terraform?: { cloud?: unknown; backend?: { remote?: unknown } };
  };
  return terraform?.cloud !== undefined || terraform?.backend?.remote !== undefined;
}
