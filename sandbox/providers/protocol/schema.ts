import type { ObjectValue, Value } from "./value";

/** An attribute's type, as JSON: "string", ["set","string"], ["object",{…}]. */
export type AttributeType = string | readonly unknown[];

/** An attribute in the form of `terraform providers schema -json`. */
export interface AttributeSchema {
  readonly type: AttributeType;
  readonly description?: string;
  readonly description_kind?: string;
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly computed?: boolean;
  readonly sensitive?: boolean;
  readonly deprecated?: boolean;
}

/** A nested block in the form of `terraform providers schema -json`. */
export interface NestedBlockSchema {
  readonly nesting_mode: "single" | "list" | "set" | "map" | "group";
  readonly block: BlockSchema;
  readonly min_items?: number;
  readonly max_items?: number;
}

/** A block in the form of `terraform providers schema -json`. */
export interface BlockSchema {
  readonly attributes?: Readonly<Record<string, AttributeSchema>>;
  readonly block_types?: Readonly<Record<string, NestedBlockSchema>>;
  readonly description?: string;
  readonly description_kind?: string;
  readonly deprecated?: boolean;
}

/** A block with the version of the state that it describes. */
export interface VersionedSchema {
  readonly version: number;
  readonly block: BlockSchema;
}

/** One provider in the form of `terraform providers schema -json`. */
export interface ProviderSchema {
  readonly provider: VersionedSchema;
  readonly resource_schemas?: Readonly<Record<string, VersionedSchema>>;
  readonly data_source_schemas?: Readonly<Record<string, VersionedSchema>>;
}

const kind = (schema: { description_kind?: string }) =>
  schema.description_kind === "markdown" ? "MARKDOWN" : "PLAIN";

/** The protocol's message for one schema. */
export function schemaMessage({ version, block }: VersionedSchema): object {
  return { version, block: blockMessage(block) };
}

/** The protocol's map of messages for several schemas. */
export function schemaMessages(schemas: Readonly<Record<string, VersionedSchema>> = {}): object {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, schemaMessage(schema)]));
}

function blockMessage(block: BlockSchema): object {
  return {
    description: block.description,
    description_kind: kind(block),
    deprecated: block.deprecated,
    attributes: Object.entries(block.attributes ?? {}).map(([name, attribute]) => ({
      name,
      type: Buffer.from(JSON.stringify(attribute.type)),
      description: attribute.description,
      description_kind: kind(attribute),
      required: attribute.required,
      optional: attribute.optional,
      computed: attribute.computed,
      sensitive: attribute.sensitive,
      deprecated: attribute.deprecated,
    })),
    block_types: Object.entries(block.block_types ?? {}).map(([type_name, nested]) => ({
      type_name,
      nesting: nested.nesting_mode.toUpperCase(),
      block: blockMessage(nested.block),
      min_items: nested.min_items,
      max_items: nested.max_items,
    })),
  };
}

/**
 * `saved` cut and filled to what `block` describes: unknown names dropped, missing ones null. The engine refuses
 * an object of any other shape, and a state may have been saved under an older or a newer schema.
 */
export function shapeTo(block: BlockSchema, saved: ObjectValue): ObjectValue {
  const shaped: ObjectValue = {};
  for (const name of Object.keys(block.attributes ?? {})) shaped[name] = saved[name] ?? null;
  for (const [name, nested] of Object.entries(block.block_types ?? {})) {
    shaped[name] = eachBlock(nested, saved[name] ?? null, (element) => shapeTo(nested.block, element));
  }
  return shaped;
}

/** Maps each object in a nested block's value, whatever its nesting; an absent collection becomes an empty one. */
export function eachBlock(
  nested: NestedBlockSchema,
  value: Value,
  map: (element: ObjectValue) => ObjectValue,
): Value {
  switch (nested.nesting_mode) {
    case "list":
    case "set":
      if (value === null) return [];
      return Array.isArray(value) ? value.map((element) => map(element as ObjectValue)) : value;
    case "map":
      return Object.fromEntries(
        Object.entries((value ?? {}) as ObjectValue).map(([key, element]) => [
          key,
          map(element as ObjectValue),
        ]),
      );
    default:
      return value === null ? null : map(value as ObjectValue);
  }
}
