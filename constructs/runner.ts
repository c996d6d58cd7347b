import { Resource as NullResource } from "@cdktf/provider-null/lib/resource";
import type { LocalExecProvisioner } from "cdktf";
import type { Construct } from "constructs";
import type { RegenerationProps } from "./client-props";
import { RegenerationProgram } from "./regeneration-program";
import { TerraformData } from "./terraform-data";

/** A resource that runs the program. */
export type Runner = NullResource | TerraformData;

/** When a runner is replaced, and what it runs. */
export interface RunnerConfig {
  /** Of which type it is. */
  readonly runner: RegenerationProps["runner"];
  /** Texts; when one changes, it is replaced. The same for each type, so that one can become the other. */
  readonly triggers: Readonly<Record<string, string>>;
  readonly provisioner: Omit<LocalExecProvisioner, "type">;
}

/** Adds a resource that runs the program. */
export function addRunner(scope: Construct, id: string, config: RunnerConfig): Runner {
  const provisioners: LocalExecProvisioner[] = [{ type: "local-exec", ...config.provisioner }];
  if (config.runner === "terraform_data") {
    return new TerraformData(scope, id, { triggersReplace: config.triggers, provisioners });
  }
  const provider = RegenerationProgram.of(scope).nullProvider();
  return new NullResource(scope, id, { provider, triggers: config.triggers, provisioners });
}

/** How a runner's own provisioner, while it is destroyed, reads one of its triggers. */
export function ownTrigger(runner: RunnerConfig["runner"], name: string): string {
  return `\${self.${runner === "terraform_data" ? "triggers_replace" : "triggers"}.${name}}`;
}
