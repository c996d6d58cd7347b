import "./offline";

import { rm } from "node:fs/promises";
import { join } from "node:path";
import { ConstructsMakerProviderTarget, Language, TerraformProviderConstraint } from "@cdktf/commons";
import { CodeMaker, TerraformProviderGenerator } from "@cdktf/provider-generator";
import { PROVIDER_SOURCE } from "./provider-name";
import { PROVIDER_CONSTRAINT, readSchema } from "./schema";

/** The generator writes no `override`, which this repository's compiler demands where a member of a base class is meant. */
class StrictCodeMaker extends CodeMaker {
  override line(text?: string, ...args: string[]): void {
    super.line(
      text
        ?.replace(/^(protected|public) (?=synthesize(Hcl)?Attributes\(|[gs]et alias\()/, "$1 override ")
        .replace(/protected (?=terraformResource: |terraformAttribute: |wrapsSet: )/g, "protected override "),
      ...args,
    );
  }
}

/**
 * Writes the TypeScript bindings of the committed schema to `<folder>/providers/genesyscloud`, replacing what is there.
 * Needs no engine and no network: `cdktf get` would ask Terraform for all 145 resources.
 */
export async function generateBindings(folder: string): Promise<void> {
  const constraint = new TerraformProviderConstraint({
    name: "genesyscloud",
    source: PROVIDER_SOURCE,
    version: PROVIDER_CONSTRAINT,
  });
  // The schema names no provider version on purpose: the bindings would demand exactly that one, not the constraint.
  const generator = new TerraformProviderGenerator(new StrictCodeMaker(), readSchema());
  generator.generate(new ConstructsMakerProviderTarget(constraint, Language.TYPESCRIPT));
  await rm(join(folder, "providers", "genesyscloud"), { recursive: true, force: true });
  await generator.save(folder);
}

if (require.main === module) void generateBindings(join(__dirname, "..", ".gen"));
