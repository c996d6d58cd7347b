import type { Attribute, Block, BlockType, Provider, Schema } from "@cdktf/commons";

interface Described {
  description?: string;
  description_kind?: string;
}

/**
 * Cuts a provider's schema to the resources and data sources that ours has, taking the structure from theirs
 * and each description from ours, or from theirs where we wrote none.
 * @throws {Error} when theirs lacks a resource or a data source that ours has.
 */
export function cutSchema(theirs: Provider, ours: Provider): Provider {
  return {
    provider: cutElement(theirs.provider, ours.provider),
    resource_schemas: cutElements("resource", theirs.resource_schemas, ours.resource_schemas),
    data_source_schemas: cutElements("data source", theirs.data_source_schemas, ours.data_source_schemas),
  };
}

function cutElements(
  kind: string,
  theirs: Record<string, Schema>,
  ours: Record<string, Schema>,
): Record<string, Schema> {
  return mapValues(ours, (schema, type) => {
    const found = theirs[type];
    if (!found) throw new Error(`The provider has no ${kind} "${type}".`);
    return cutElement(found, schema);
  });
}

function cutElement(theirs: Schema, ours: Schema): Schema {
  return { version: theirs.version, block: cutBlock(theirs.block, ours.block) };
}

function cutBlock(theirs: Block, ours: Block | undefined): Block {
  const {
    attributes,
    block_types,
    description: _,
    description_kind: __,
    ...rest
  } = theirs as Block & Described;
  return {
    ...(attributes && {
      attributes: mapValues(attributes, (one, name) => cutAttribute(one, ours?.attributes?.[name])),
    }),
    ...(block_types && {
      block_types: mapValues(block_types, (one, name) => cutBlockType(one, ours?.block_types?.[name])),
    }),
    ...rest,
    ...describe(theirs as Described, ours as Described),
  } as Block;
}

function cutBlockType({ block, ...rest }: BlockType, ours: BlockType | undefined): BlockType {
  return { ...rest, block: cutBlock(block, ours?.block) } as BlockType;
}

function cutAttribute(theirs: Attribute, ours: Attribute | undefined): Attribute {
  const { type, description: _, description_kind: __, ...rest } = theirs as Attribute & Described;
  return { ...(type && { type }), ...describe(theirs, ours), ...rest } as Attribute;
}

function describe(theirs: Described, ours: Described | undefined): Described {
  const { description, description_kind = "plain" } = ours?.description ? ours : theirs;
  return description ? { description, description_kind } : {};
}

function mapValues<T>(record: Record<string, T>, map: (value: T, key: string) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}
