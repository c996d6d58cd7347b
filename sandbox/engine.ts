import { spawnSync } from "node:child_process";

/** A Terraform-compatible engine on this machine. */
export interface Engine {
  readonly name: "Terraform" | "OpenTofu";
  /** Command or path to start it with. */
  readonly binary: string;
  /** "1.11.4" */
  readonly version: string;
  /** Where it looks for providers whose source names no host. */
  readonly registryHost: "registry.terraform.io" | "registry.opentofu.org";
}

/** Every engine that a user may have: the one TERRAFORM_BINARY_NAME names, else those of `terraform` and `tofu` on PATH. */
export function findEngines(environment: NodeJS.ProcessEnv = process.env): readonly Engine[] {
  const binaries = environment.TERRAFORM_BINARY_NAME
    ? [environment.TERRAFORM_BINARY_NAME]
    : ["terraform", "tofu"];
  return binaries.flatMap((binary) => {
    const { stdout } = spawnSync(binary, ["version"], {
      encoding: "utf8",
      env: { ...environment, CHECKPOINT_DISABLE: "1" },
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [, name, version] = /^(Terraform|OpenTofu) v(\S+)/m.exec(stdout ?? "") ?? [];
    if (!name || !version) return [];
    const openTofu = name === "OpenTofu";
    return {
      name: openTofu ? "OpenTofu" : "Terraform",
      binary,
      version,
      registryHost: openTofu ? "registry.opentofu.org" : "registry.terraform.io",
    };
  });
}
