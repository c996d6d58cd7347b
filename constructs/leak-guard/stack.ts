import type { IConstruct } from "constructs";

/** What the guard needs of a stack. */
export interface Stack extends IConstruct {
  toTerraform(): unknown;
  toHclTerraform(): { readonly hcl: string; readonly metadata: unknown };
}

/**
 * Whether a construct is a stack, of whichever copy of CDKTF, and while it is still being constructed: CDKTF's own
 * `TerraformStack.isStack` says yes only after that.
 */
export function isStack(construct: object): construct is Stack {
  const { prepareStack, toTerraform } = construct as Record<string, unknown>;
  return typeof prepareStack === "function" && typeof toTerraform === "function";
}
