import type { TerraformStack } from "cdktf";
import { TerraformResource } from "cdktf";
import type { Construct } from "constructs";
import { LeakGuard, OauthClient } from "../../../constructs";
import { newStack, synth } from "../synth";

/** A stack "dev" with a guard. */
export function guarded(): TerraformStack {
  const stack = newStack();
  LeakGuard.of(stack);
  return stack;
}

/** The findings for which a stack is refused, one a line; none when it passes. */
export function findings(stack: TerraformStack): string[] {
  try {
    synth(stack);
  } catch (error) {
    const [head, ...lines] = (error as Error).message.split("\n");
    expect(head).toBe("The leak guard refuses the stack dev: a secret could get into a file.");
    return lines;
  }
  return [];
}

/** A resource of any type, with what stands in it. */
export function resource(scope: Construct, type: string, id: string, attributes: object): TerraformResource {
  const made = new TerraformResource(scope, id, { terraformResourceType: type });
  made.overrideLogicalId(id);
  for (const [name, value] of Object.entries(attributes)) made.addOverride(name, value);
  return made;
}

/** How each refusal begins. */
export const REFUSED = "The leak guard refuses the stack ";

/** Adds a client that exposes its secret, which a guard refuses. */
export function leaky<Stack extends TerraformStack>(stack: Stack): Stack {
  new OauthClient(stack, "leaky", { name: "x", authorizedGrantType: "CODE", exposeClientSecret: true });
  return stack;
}
