/** What a stack synthesizes to: JSON without tokens. */
export type Json = unknown;

/** An object of a document. */
export type JsonObject = Readonly<Record<string, Json>>;

/** A place in a document: the keys of its objects and the indexes of its lists, from the top. */
export type Keys = readonly (string | number)[];

/** A text of a document, and where it stands. */
export interface Leaf {
  readonly keys: Keys;
  readonly text: string;
}

/** Every text and number of a document, and every key, in one walk: Terraform evaluates the keys of a map, too. */
export function leavesOf(document: Json): Leaf[] {
  const leaves: Leaf[] = [];
  walk(document, [], leaves);
  return leaves;
}

function walk(value: Json, keys: Keys, leaves: Leaf[]): void {
  if (typeof value === "string") leaves.push({ keys, text: value });
  else if (typeof value === "number") leaves.push({ keys, text: String(value) });
  else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) walk(item, [...keys, index], leaves);
  } else if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      const below = [...keys, key];
      leaves.push({ keys: below, text: key });
      walk(item, below, leaves);
    }
  }
}

/** A block of a document: `resource`, `provider` and so on, with the names that follow. */
export interface Block {
  readonly keys: Keys;
  /** Its last name: of a resource its id, of a provider its type. */
  readonly name: string;
  readonly attributes: JsonObject;
}

/** The resources of a type. */
export function resourcesOf(document: Json, type: string): Block[] {
  return blocksIn(document, ["resource", type, "*"]);
}

/**
 * The blocks at a path of names, "*" standing for any. A list may stand at each level: that is how Terraform's JSON
 * repeats a block, and how one writes it to go unnoticed.
 */
export function blocksIn(value: Json, names: readonly string[], keys: Keys = []): Block[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => blocksIn(item, names, [...keys, index]));
  if (!isObject(value)) return [];
  const [name, ...rest] = names;
  if (name === undefined) {
    return [{ keys, name: String(keys.filter((key) => typeof key === "string").at(-1)), attributes: value }];
  }
  return Object.keys(value)
    .filter((key) => key !== "//" && (name === "*" || key === name))
    .flatMap((key) => blocksIn(value[key], rest, [...keys, key]));
}

/** Whether the value is an object, and no list. */
export function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
