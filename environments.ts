import { LocalBackend, type TerraformStack } from "cdktf";
import { SecretStore, type SecureOAuthClientProps } from "./constructs";
import { pathFromStackToProject } from "./constructs/stack-folder";

/** One stack: an org, where its state is kept, and its clients. */
export interface Environment {
  /** Name of the stack: `cdktf deploy <name>`. */
  readonly name: string;
  /**
   * The org's region: AWS name ("eu-central-1") or domain ("mypurecloud.de").
   * @default - GENESYSCLOUD_REGION where Terraform runs, else us-east-1
   */
  readonly region?: string;
  /** Adds the stack's backend: where Terraform keeps its state. */
  readonly backend: (stack: TerraformStack) => void;
  /** The clients by their id in the stack. Changing an id makes Terraform replace the client. */
  readonly clients: Readonly<Record<string, SecureOAuthClientProps>>;
}

/**
 * Keeps the state beside this file, in `terraform.<stack>.tfstate`. Its path is relative to the stack's folder, or a
 * synth would differ from folder to folder.
 *
 * For a team put the state somewhere shared, by writing one of these in `backend` instead:
 *   (stack) => new S3Backend(stack, { bucket: "acme-terraform", key: "genesys/dev.tfstate", region: "eu-central-1" })
 *   (stack) => new CloudBackend(stack, { organization: "acme", workspaces: new NamedCloudWorkspace("genesys-dev") })
 *   (stack) => new HttpBackend(stack, { address: "https://state.example.com/genesys/dev" })
 */
function localState(stack: TerraformStack): void {
  new LocalBackend(stack, { path: `${pathFromStackToProject(stack)}/terraform.${stack.node.id}.tfstate` });
}

/** What `main.ts` synthesizes. Add a client to an environment, or an environment with stores of its own. */
export const environments: readonly Environment[] = [
  {
    name: "dev",
    backend: localState,
    clients: {
      ci: {
        name: "Terraform-Managed-CI-Client",
        description: "OAuth client for CI/CD pipelines, managed via Terraform",
        // roles: [{ roleId: "2b9e2d2c-…", divisionId: "*" }] says what it may do; without a role it may only log in.
        stores: [SecretStore.file("./secrets/Terraform-Managed-CI-Client.json")],
      },
    },
  },
];
