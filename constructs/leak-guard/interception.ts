import type { Stack } from "./stack";

type Method = (...args: unknown[]) => unknown;

/**
 * Has what a method of the stack returns inspected before the caller gets it. Whoever replaces the method later
 * replaces what is inspected, not the inspection: the property keeps it.
 */
export function inspect<Name extends "toTerraform" | "toHclTerraform">(
  stack: Stack,
  name: Name,
  inspection: (result: ReturnType<Stack[Name]>) => void,
): void {
  // The stack's own, then each later one, which may call the one it found: that was `inspected`, one layer deeper.
  const layers: Method[] = [stack[name] as Method];
  let depth = 0;
  const inspected = (...args: unknown[]): unknown => {
    const layer = layers[Math.max(0, layers.length - 1 - depth)] as Method;
    depth += 1;
    let result: unknown;
    try {
      result = layer.apply(stack, args);
    } finally {
      depth -= 1;
    }
    if (depth === 0) inspection(result as ReturnType<Stack[Name]>);
    return result;
  };
  Object.defineProperty(stack, name, {
    get: () => inspected,
    set: (later: Method) => {
      // Who sets the one that is inspected puts back what was there before the last replacement.
      if (later !== inspected) layers.push(later);
      else if (layers.length > 1) layers.pop();
    },
    enumerable: false,
    configurable: false,
  });
}
