import { genesysCloudSchema } from "../../../sandbox/providers/genesyscloud/schema";
import { type BlockSchema, schemaMessage, shapeTo } from "../../../sandbox/providers/protocol/schema";

const block: BlockSchema = {
  description: "A client.",
  description_kind: "markdown",
  attributes: {
    id: { type: "string", computed: true },
    scopes: {
      type: ["set", "string"],
      optional: true,
      sensitive: true,
      deprecated: true,
      description: "Scopes.",
    },
  },
  block_types: {
    roles: {
      nesting_mode: "set",
      min_items: 1,
      max_items: 3,
      block: { attributes: { role_id: { type: "string", required: true } } },
    },
    only: { nesting_mode: "single", block: { attributes: { a: { type: "bool", optional: true } } } },
    named: { nesting_mode: "map", block: { attributes: { b: { type: "number", optional: true } } } },
  },
};

describe("schemaMessage", () => {
  const message = schemaMessage({ version: 1, block }) as {
    version: number;
    block: Record<string, unknown[]>;
  };

  test("carries version and description", () => {
    expect(message).toMatchObject({
      version: 1,
      block: { description: "A client.", description_kind: "MARKDOWN" },
    });
  });

  test("writes an attribute's type as JSON bytes, and its flags", () => {
    expect(message.block.attributes?.[1]).toMatchObject({
      name: "scopes",
      type: Buffer.from('["set","string"]'),
      description: "Scopes.",
      description_kind: "PLAIN",
      optional: true,
      sensitive: true,
      deprecated: true,
    });
  });

  test("writes nested blocks with their nesting and bounds", () => {
    expect(message.block.block_types).toMatchObject([
      { type_name: "roles", nesting: "SET", min_items: 1, max_items: 3 },
      { type_name: "only", nesting: "SINGLE" },
      { type_name: "named", nesting: "MAP" },
    ]);
  });
});

describe("shapeTo", () => {
  test("an empty object gets every name of the block", () => {
    expect(shapeTo(block, {})).toEqual({ id: null, scopes: null, roles: [], only: null, named: {} });
  });

  test("names that the block does not have are dropped, at any depth", () => {
    const saved = {
      id: "1",
      old: true,
      roles: [{ role_id: "r", old: 1 }],
      only: {},
      named: { x: { b: 2, old: 3 } },
    };
    expect(shapeTo(block, saved)).toEqual({
      id: "1",
      scopes: null,
      roles: [{ role_id: "r" }],
      only: { a: null },
      named: { x: { b: 2 } },
    });
  });
});

test("the stand-in serves the schema that the bindings are made from", () => {
  const schema = genesysCloudSchema();
  expect(Object.keys(schema.resource_schemas ?? {})).toEqual(["genesyscloud_oauth_client"]);
  expect(schema.resource_schemas?.genesyscloud_oauth_client?.version).toBe(1);
  expect(Object.keys(schema.provider.block.block_types ?? {}).sort()).toEqual(["gateway", "proxy"]);
});
