import { existsSync } from "node:fs";
import { join } from "node:path";
import { TerraformStack } from "cdktf";
import { addCustomSynthesis } from "cdktf/lib/synthesize/synthesizer";
import { Construct } from "constructs";
import { copyParts, namesFor, type ProgramParts, readParts } from "./program-parts";
import type { SecretStore } from "./secret-store";

const ID = "SecureOAuthClientProgram";
const ENTRY = "genesys-secret.cjs";

/**
 * What every regeneration of a stack shares: one copy of the program, which travels with the synth output. It has the
 * code of those stores only that the stack uses.
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

  private readonly parts: ProgramParts;
  private readonly stores: SecretStore[] = [];

  private constructor(stack: TerraformStack) {
    super(stack, ID);
    const program = findProgram();
    this.parts = readParts(program);
    // No TerraformAsset: it would read and copy the code of all stores, with every synth.
    addCustomSynthesis(this, {
      onSynthesize: ({ outdir, manifest }) => {
        const { workingDirectory } = manifest.forStack(stack);
        copyParts(program, namesFor(this.parts, this.stores), join(outdir, workingDirectory, this.folder));
      },
    });
  }

  /** Path of the program, relative to the stack's folder; forward slashes, no spaces. It can use these stores. */
  pathFor(stores: readonly SecretStore[]): string {
    this.stores.push(...stores);
    return `${this.folder}/${ENTRY}`;
  }

  /** Another one for another program: Terraform sees by its path that a stack was synthesized by a newer version. */
  private get folder(): string {
    return `assets/genesys-secret/${this.parts.hash}`;
  }
}

/**
 * Finds the built program: beside these compiled constructs (`dist/`), above those for CDK Terrain (`dist/cdktn/`),
 * or, run from source, in the `dist/` next door.
 */
function findProgram(): string {
  const candidates = ["../program", "../dist/program", "../../program"].map((path) => join(__dirname, path));
  const found = candidates.find((folder) => existsSync(join(folder, ENTRY)));
  if (found) return found;
  throw new Error(
    `The program that regenerates secrets is not built: none of ${candidates.join(", ")} holds ${ENTRY}. ` +
      "Run `npm run build`; if you installed the package, install it again.",
  );
}
