import { Token } from "cdktf";

/**
 * Whether the value is known only to Terraform: a token of CDKTF, or a template that someone wrote by hand.
 * Such values cannot be validated at synth.
 */
export function isUnresolved(value: unknown): boolean {
  return Token.isUnresolved(value) || (typeof value === "string" && value.includes("${"));
}
