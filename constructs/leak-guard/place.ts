import type { IConstruct } from "constructs";
import { blocksIn, type Keys } from "./document";
import { isStack } from "./stack";

/** The blocks that constructs make, and how many names follow. A provider has but its type, and its place in a list. */
const NAMES: Readonly<Record<string, number>> = {
  resource: 2,
  data: 2,
  ephemeral: 2,
  provider: 1,
  output: 1,
  locals: 1,
  variable: 1,
  module: 1,
};

/** A place in a document, cut where the block's own attributes begin. */
export interface Place {
  /** Of the block: "resource.null_resource.orders", "provider.genesyscloud.0"; empty outside of a block that constructs make. */
  readonly address: string;
  /** The keys within the block. */
  readonly attribute: Keys;
}

/** Cuts the keys of a place in two. */
export function placeOf(keys: Keys): Place {
  const kind = String(keys[0]);
  const wanted = NAMES[kind];
  if (wanted === undefined) return { address: "", attribute: keys };
  const names: (string | number)[] = [kind];
  let at = 1;
  // A list repeats a block: its number says nothing, but for providers.
  for (; at < keys.length && names.length <= wanted; at += 1) {
    const key = keys[at];
    if (typeof key === "string") names.push(key);
  }
  if (kind === "provider" && typeof keys[at] === "number") names.push(keys[at++] as number);
  return { address: names.join("."), attribute: keys.slice(at) };
}

/** "provisioner[0].local-exec.command"; "value" of what has but one. */
export function attributeName(keys: Keys): string {
  if (keys.length === 0) return "value";
  return keys.map((key, index) => (typeof key === "number" ? `[${key}]` : index ? `.${key}` : key)).join("");
}

/** The constructs of a stack by the addresses of the blocks they render. */
export function constructsByAddress(stack: IConstruct): ReadonlyMap<string, IConstruct> {
  const constructs = new Map<string, IConstruct>();
  const providers = new Map<string, number>();
  const visit = (construct: IConstruct): void => {
    for (const address of rendered(construct)) {
      const [kind, type] = address.split(".");
      const count = providers.get(address) ?? 0;
      if (kind === "provider") providers.set(address, count + 1);
      constructs.set(kind === "provider" ? `provider.${type}.${count}` : address, construct);
    }
    // A nested stack renders a document of its own.
    for (const child of construct.node.children) if (!isStack(child)) visit(child);
  };
  for (const child of stack.node.children) if (!isStack(child)) visit(child);
  return constructs;
}

/** What a construct renders says its addresses: this knows no private name of CDKTF's. */
function rendered(construct: IConstruct): string[] {
  const { toTerraform } = construct as { toTerraform?: () => unknown };
  const fragment = toTerraform?.call(construct);
  return Object.entries(NAMES).flatMap(([kind, names]) =>
    blocksIn(fragment, [kind, ...Array<string>(names - 1).fill("*")]).flatMap(({ keys, attributes }) =>
      Object.keys(attributes).map((name) => placeOf([...keys, name]).address),
    ),
  );
}
