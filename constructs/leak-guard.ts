import type { IConstruct } from "constructs";
import { type IsAccepted, inspectDocument } from "./leak-guard/inspection";
import { inspect } from "./leak-guard/interception";
import { eachStackBelow } from "./leak-guard/later-stacks";
import { isStack, type Stack } from "./leak-guard/stack";

/** A place where a secret leaks on purpose, as the guard's error names it, and the reason. */
export interface AcceptedLeak {
  /** Path of the construct: "prod/legacy/client". */
  readonly path: string;
  /** The attribute: "expose_client_secret", "value", "fields.clientSecret". */
  readonly attribute: string;
  /** Why the secret may leak there, for whoever reviews the line. */
  readonly because: string;
}

/** Copies of this package share the guard of a stack, and its exceptions. */
const GUARD = Symbol.for("cdktf-genesyscloud-secure-oauth-client/leak-guard");

/**
 * Refuses to synthesize a stack that would put a Genesys Cloud secret into a file: the synthesized JSON, the plan, the
 * state or a log. It reads what the stack has become after all overrides and aspects, and nothing skips it:
 * `skipValidation` and `Testing.synth` do not either. A stack that holds a SecureOAuthClient is guarded without being asked.
 *
 * Refused are: clients that expose their secret, references to a client's secret, secrets in the fields of an
 * integration credential, credentials and `sdk_debug` in the provider's block, and any secret that stands in the
 * environment of the synth.
 *
 * @example
 * LeakGuard.of(app); // every stack of the app, those made later included
 */
export class LeakGuard {
  /**
   * The guard of a stack, put up on first use.
   * @param scope A stack or what is in one; an App, or what holds stacks, for every stack below it, now and later.
   */
  static of(scope: IConstruct): LeakGuard {
    const guarded = [...scope.node.scopes].reverse().find(isStack) ?? scope;
    const guard = guardOf(guarded);
    if (guard) return guard;
    return isStack(guarded) ? LeakGuard.put(guarded) : LeakGuard.putBelow(guarded);
  }

  private static put(stack: Stack): LeakGuard {
    const guard = new LeakGuard(stack);
    const isAccepted: IsAccepted = (path, attribute) =>
      stack.node.scopes.some((scope) => guardOf(scope)?.accepts(path, attribute));
    inspect(stack, "toTerraform", (document) => inspectDocument(stack, document, isAccepted));
    inspect(stack, "toHclTerraform", (output) => {
      // HCL says the same as JSON, where the rules can find their way; then the text itself, lest it say more.
      stack.toTerraform();
      inspectDocument(stack, output, isAccepted);
    });
    return guard;
  }

  private static putBelow(scope: IConstruct): LeakGuard {
    const guard = new LeakGuard(scope);
    eachStackBelow(scope, (stack) => guardOf(stack) ?? LeakGuard.put(stack));
    return guard;
  }

  private readonly accepted: AcceptedLeak[] = [];

  private constructor(scope: IConstruct) {
    Object.defineProperty(scope, GUARD, { value: this });
  }

  /**
   * Lets one secret leak at one place, knowingly. It then stands in files, and in each copy of them, for ever. Not to
   * be had for the client of a SecureOAuthClient.
   * @throws {Error} when the place or the reason is missing.
   */
  acceptThatThisSecretLeaks(leak: AcceptedLeak): void {
    for (const prop of ["path", "attribute", "because"] as const) {
      if (typeof leak[prop] !== "string" || leak[prop].trim() === "") {
        throw new Error(`acceptThatThisSecretLeaks: ${prop} must be a string that is not blank.`);
      }
    }
    this.accepted.push({ ...leak });
  }

  private accepts(path: string, attribute: string): boolean {
    return this.accepted.some((leak) => leak.path === path && leak.attribute === attribute);
  }
}

function guardOf(scope: IConstruct): LeakGuard | undefined {
  return (scope as { [GUARD]?: LeakGuard })[GUARD];
}
