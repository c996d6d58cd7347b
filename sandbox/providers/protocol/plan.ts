import { isDeepStrictEqual } from "node:util";
import { type BlockSchema, eachBlock } from "./schema";
import { type ObjectValue, UNKNOWN, type Value } from "./value";

/** What a resource type adds to its schema to plan a change. */
export interface PlanRules {
  /** Values of attributes that the configuration leaves out. @default - none */
  readonly defaults?: Readonly<Record<string, Value>>;
  /** Attributes that cannot change in place. @default - all can */
  readonly forceNew?: readonly string[];
}

/** A planned change. */
export interface Plan {
  /** What the object will be; null when it will be gone. */
  readonly planned: ObjectValue | null;
  /** Attributes whose change needs a new object. */
  readonly requiresReplace: readonly string[];
}

/**
 * Plans the change from `prior` to `proposed`, in which the engine has merged the configuration with the computed
 * values of the prior state. For a replacement the engine asks again without a prior state.
 */
export function planChange(
  block: BlockSchema,
  prior: ObjectValue | null,
  proposed: ObjectValue | null,
  rules: PlanRules = {},
): Plan {
  if (proposed === null) return { planned: null, requiresReplace: [] };
  const planned = fill(block, proposed, prior === null, rules.defaults);
  const requiresReplace =
    prior === null
      ? []
      : (rules.forceNew ?? []).filter((name) => !isDeepStrictEqual(prior[name], planned[name]));
  return { planned, requiresReplace };
}

function fill(
  block: BlockSchema,
  proposed: ObjectValue,
  isNew: boolean,
  defaults: PlanRules["defaults"] = {},
): ObjectValue {
  const filled: ObjectValue = { ...proposed };
  for (const [name, attribute] of Object.entries(block.attributes ?? {})) {
    if (filled[name] !== null) continue;
    if (name in defaults) filled[name] = defaults[name] ?? null;
    else if (attribute.computed && isNew) filled[name] = UNKNOWN;
  }
  for (const [name, nested] of Object.entries(block.block_types ?? {})) {
    // The engine has copied the computed values of elements that were there before: one without is new.
    filled[name] = eachBlock(nested, proposed[name] ?? null, (element) => fill(nested.block, element, true));
  }
  return filled;
}
