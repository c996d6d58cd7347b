import "./offline";

import { rm } from "node:fs/promises";
import { join } from "node:path";
import { ConstructsMakerProviderTarget, Language, TerraformProviderConstraint } from "@cdktf/commons";
import { CodeMaker, TerraformProviderGenerator } from "@cdktf/provider-generator";
import { BOUND_PROVIDERS, type BoundProvider } from "./schema";

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
 * Writes the TypeScript bindings of the committed schemas to `<folder>/providers/<name>`, replacing what is there.
 * Needs no engine and no network: `cdktf get` would ask Terraform for all 145 resources.
 */
export async function generateBindings(folder: string): Promise<void> {
  for (const provider of BOUND_PROVIDERS) await generateProvider(provider, folder);
}

async function generateProvider(provider: BoundProvider, folder: string): Promise<void> {
  const { name, source, constraint, schema } = provider;
  // The schema names no provider version on purpose: the bindings would demand exactly that one, not the constraint.
  const generator = new TerraformProviderGenerator(new StrictCodeMaker(), schema);
  const target = new TerraformProviderConstraint({ name, source, version: constraint });
  generator.generate(new ConstructsMakerProviderTarget(target, Language.TYPESCRIPT));
  await rm(join(folder, "providers", name), { recursive: true, force: true });
  await generator.save(folder);
}

if (require.main === module) void generateBindings(join(__dirname, "../../.gen"));
