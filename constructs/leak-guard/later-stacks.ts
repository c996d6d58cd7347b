import type { IConstruct } from "constructs";
import { isStack, type Stack } from "./stack";

/** On a node that tells already; whoever asked first, what follows is the same: the stack gets a guard. */
const WATCHED = Symbol.for("cdktf-genesyscloud-secure-oauth-client/watched");

/**
 * Calls back for every stack below a construct: those that are there, and each that is made later, before it is even
 * constructed. CDKTF has no event for that, and ignores aspects on an App; every construct is added to its parent's
 * node, though, so the nodes tell.
 */
export function eachStackBelow(construct: IConstruct, callback: (stack: Stack) => void): void {
  const node = construct.node as unknown as {
    addChild(child: IConstruct, name: string): void;
    [WATCHED]?: true;
  };
  if (node[WATCHED]) return;
  Object.defineProperty(node, WATCHED, { value: true });
  const { addChild } = node;
  Object.defineProperty(node, "addChild", {
    value: (child: IConstruct, name: string): void => {
      addChild.call(node, child, name);
      if (isStack(child)) callback(child);
      whenItHasANode(child, () => eachStackBelow(child, callback));
    },
  });
  for (const child of construct.node.children) {
    if (isStack(child)) callback(child);
    eachStackBelow(child, callback);
  }
}

/** A construct is added to its parent before it has a node of its own, which its constructor sets next. */
function whenItHasANode(construct: IConstruct, callback: () => void): void {
  Object.defineProperty(construct, "node", {
    configurable: true,
    set: (node: unknown) => {
      Object.defineProperty(construct, "node", {
        value: node,
        writable: true,
        enumerable: true,
        configurable: true,
      });
      callback();
    },
  });
}
