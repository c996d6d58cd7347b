import { Resource as NullResource } from "@cdktf/provider-null/lib/resource";
import type { LocalExecProvisioner } from "cdktf";
import type { Construct } from "constructs";
import type { RegenerationProps } from "./client-props";
import { ImpliedNullProvider } from "./implied-null-provider";
import { TerraformData } from "./terraform-data";

/** A resource that runs the program. */
export type Runner = NullResource | TerraformData;

/** When a runner is replaced, and what it runs. */
export interface RunnerConfig {
  /** Of which type it is. */
  readonly runner: RegenerationProps["runner"];
  /** Texts; when one changes, it is replaced. The same for each type, so that one can become the other. */
  readonly triggers: Readonly<Record<string, string>>;
  /** It runs in the stack's folder. */
  readonly provisioner: Omit<LocalExecProvisioner, "type" | "workingDir">;
}

/**
 * Where the stack's configuration lies, for the stack may be a module of another one. As the working folder, not in
 * the command, it may hold blanks: quotes in a command are read in another way by Windows' cmd.
 */
const STACK_FOLDER = `\${path.module}`;

/** Adds a resource that runs the program. */
export function addRunner(scope: Construct, id: string, config: RunnerConfig): Runner {
  const provisioners: LocalExecProvisioner[] = [
    { type: "local-exec", workingDir: STACK_FOLDER, ...config.provisioner },
  ];
  if (config.runner === "terraform_data") {
    return new TerraformData(scope, id, { triggersReplace: config.triggers, provisioners });
  }
  ImpliedNullProvider.addTo(scope);
  return new NullResource(scope, id, { triggers: config.triggers, provisioners });
}

/** A runner's own id, as its provisioner reads it: what `terraform test` mocks has none that a provider could have given. */
export const OWN_ID = `\${self.id}`;

/** How a runner's own provisioner, while it is destroyed, reads one of its triggers. */
export function ownTrigger(runner: RunnerConfig["runner"], name: string): string {
  return `\${self.${runner === "terraform_data" ? "triggers_replace" : "triggers"}.${name}}`;
}
