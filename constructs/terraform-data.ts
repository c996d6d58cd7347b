import {
  hashMapper,
  hashMapperHcl,
  type LocalExecProvisioner,
  stringToHclTerraform,
  stringToTerraform,
  TerraformResource,
} from "cdktf";
import type { Construct } from "constructs";

/** What a `terraform_data` replaces itself for, and what it runs when it is created. */
export interface TerraformDataConfig {
  readonly triggersReplace: Readonly<Record<string, string>>;
  readonly provisioners: LocalExecProvisioner[];
}

/**
 * A `terraform_data`, which is built into the engine, in the place of a null_resource of the same id: what stands in
 * the state as that one becomes this one, as it is. CDKTF's own class for it, and its way to move, both run
 * `terraform version` at synth; ours needs no engine there.
 */
export class TerraformData extends TerraformResource {
  private readonly triggersReplace: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, { triggersReplace, provisioners }: TerraformDataConfig) {
    super(scope, id, {
      terraformResourceType: "terraform_data",
      terraformGeneratorMetadata: { providerName: "terraform" },
      provisioners,
    });
    this.triggersReplace = triggersReplace;
  }

  /** Made anew with each replacement. */
  get id(): string {
    return this.getStringAttribute("id");
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    return { triggers_replace: hashMapper(stringToTerraform)(this.triggersReplace) };
  }

  protected override synthesizeHclAttributes(): { [name: string]: unknown } {
    const value = hashMapperHcl(stringToHclTerraform)(this.triggersReplace);
    return { triggers_replace: { value, isBlock: false, type: "map", storageClassType: "stringMap" } };
  }

  override toTerraform(): unknown {
    return { ...super.toTerraform(), moved: [this.move()] };
  }

  override toHclTerraform(): unknown {
    const reference = (value: string) => ({
      value,
      isBlock: false,
      type: "simple",
      storageClassType: "reference",
    });
    const { from, to } = this.move();
    return { ...super.toHclTerraform(), moved: [{ from: reference(from), to: reference(to) }] };
  }

  private move() {
    const { friendlyUniqueId, terraformResourceType } = this;
    return { from: `null_resource.${friendlyUniqueId}`, to: `${terraformResourceType}.${friendlyUniqueId}` };
  }
}
