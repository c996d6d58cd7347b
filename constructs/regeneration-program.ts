import { existsSync } from "node:fs";
import { join } from "node:path";
import { NullProvider } from "@cdktf/provider-null/lib/provider";
import { AssetType, TerraformAsset, TerraformStack } from "cdktf";
import { Construct } from "constructs";

const ID = "SecureOAuthClientProgram";
const ENTRY = "genesys-secret.cjs";

/**
 * What every regeneration of a stack shares: one copy of the program, which travels with the synth output, and the
 * null provider its null_resources use.
 */
export class RegenerationProgram extends Construct {
  /**
   * The stack's one program, made on first use.
   * @throws {Error} when the program was not built.
   */
  static of(scope: Construct): RegenerationProgram {
    const stack = TerraformStack.of(scope);
    return (stack.node.tryFindChild(ID) as RegenerationProgram) ?? new RegenerationProgram(stack);
  }

  /** Path of the program, relative to the folder Terraform runs in; forward slashes, no spaces. */
  readonly path: string;

  /** The null provider, under an alias of our own so that it never collides with one of the stack's. */
  readonly provider: NullProvider;

  private constructor(stack: TerraformStack) {
    super(stack, ID);
    const asset = new TerraformAsset(this, "program", { path: findProgram(), type: AssetType.DIRECTORY });
    this.path = `${asset.path}/${ENTRY}`;
    this.provider = new ConstrainedNullProvider(this, "null", { alias: "secure_oauth_client" });
  }
}

/** The prebuilt bindings demand exactly the version they were made from; any 3.x from 3.2 on will do. */
class ConstrainedNullProvider extends NullProvider {
  override readonly terraformGeneratorMetadata = {
    providerName: "null",
    providerVersionConstraint: "~> 3.2",
  };
}

/** Finds the built program beside these compiled constructs (`dist/`), or, run from source, in the `dist/` next door. */
function findProgram(): string {
  const candidates = [join(__dirname, "..", "program"), join(__dirname, "..", "dist", "program")];
  const found = candidates.find((folder) => existsSync(join(folder, ENTRY)));
  if (found) return found;
  throw new Error(
    `The program that regenerates secrets is not built: ${candidates.join(" and ")} hold no ${ENTRY}. ` +
      "Run `npm run build`; if you installed the package, install it again.",
  );
}
