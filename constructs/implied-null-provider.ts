import { NullProvider } from "@cdktf/provider-null/lib/provider";
import { TerraformProvider, TerraformStack } from "cdktf";
import type { Construct } from "constructs";

const ID = "SecureOAuthClientNullProvider";

/**
 * The null provider, required but without a `provider` block: the engine configures it by itself. With a block of our
 * own, the state would name that block, and the engine refuses to destroy a resource whose block has left the
 * configuration. The last client would take the block with it.
 */
export class ImpliedNullProvider extends NullProvider {
  // The prebuilt bindings demand exactly the version they were made from; any 3.x from 3.2 on will do.
  override readonly terraformProviderSource = "hashicorp/null";
  override readonly terraformGeneratorMetadata = {
    providerName: "null",
    providerVersionConstraint: "~> 3.2",
  };

  /** Adds it to the stack, once. */
  static addTo(scope: Construct): void {
    const stack = TerraformStack.of(scope);
    if (!stack.node.tryFindChild(ID)) new ImpliedNullProvider(stack, ID);
  }

  override toTerraform(): unknown {
    return this.withoutBlock(super.toTerraform());
  }

  override toHclTerraform(): unknown {
    return this.withoutBlock(super.toHclTerraform());
  }

  /** A stack that has a null provider of its own says itself which versions will do. */
  private withoutBlock({ terraform }: { terraform: unknown }): unknown {
    return this.stackHasItsOwn() ? {} : { terraform };
  }

  private stackHasItsOwn(): boolean {
    const stack = TerraformStack.of(this);
    return stack.node
      .findAll()
      .filter(TerraformProvider.isTerraformProvider)
      .some(
        (other) =>
          other !== this &&
          other.terraformResourceType === this.terraformResourceType &&
          TerraformStack.of(other) === stack,
      );
  }
}
