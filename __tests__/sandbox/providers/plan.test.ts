import { planChange } from "../../../sandbox/providers/protocol/plan";
import type { BlockSchema } from "../../../sandbox/providers/protocol/schema";
import { UNKNOWN } from "../../../sandbox/providers/protocol/value";

const block: BlockSchema = {
  attributes: {
    id: { type: "string", optional: true, computed: true },
    name: { type: "string", required: true },
    note: { type: "string", optional: true },
    state: { type: "string", optional: true },
    triggers: { type: ["map", "string"], optional: true },
  },
  block_types: {
    roles: {
      nesting_mode: "set",
      block: {
        attributes: {
          role_id: { type: "string", required: true },
          division_id: { type: "string", optional: true, computed: true },
        },
      },
    },
  },
};
const rules = { defaults: { state: "active" }, forceNew: ["triggers"] };
const proposed = { id: null, name: "n", note: null, state: null, triggers: null, roles: [] };
const prior = { ...proposed, id: "1", state: "active", triggers: { a: "1", b: "2" } };

test("a new object: computed attributes are unknown, defaults are filled in, the rest stays null", () => {
  expect(planChange(block, null, proposed, rules)).toEqual({
    planned: { ...proposed, id: UNKNOWN, state: "active" },
    requiresReplace: [],
  });
});

test("a change in place: computed attributes keep what the engine has copied", () => {
  const { planned, requiresReplace } = planChange(
    block,
    prior,
    { ...prior, name: "other", state: null },
    rules,
  );
  expect(planned).toEqual({ ...prior, name: "other" });
  expect(requiresReplace).toEqual([]);
});

test("a computed attribute that has no value stays without one: no plan without an end", () => {
  const withoutId = { ...prior, id: null };
  expect(planChange(block, withoutId, withoutId, rules).planned).toEqual(withoutId);
});

test("a new element's computed attribute is unknown, in an old object too", () => {
  const roles = [
    { role_id: "old", division_id: "d" },
    { role_id: "new", division_id: null },
  ];
  expect(planChange(block, prior, { ...prior, roles }, rules).planned?.roles).toEqual([
    { role_id: "old", division_id: "d" },
    { role_id: "new", division_id: UNKNOWN },
  ]);
});

test.each([
  ["another value", { a: "1", b: "3" }, ["triggers"]],
  ["one less", { a: "1" }, ["triggers"]],
  ["none", null, ["triggers"]],
  ["a value to come", { a: "1", b: UNKNOWN }, ["triggers"]],
  ["the same in another order", { b: "2", a: "1" }, []],
])("an attribute that forces a new object: %s", (_case, triggers, expected) => {
  expect(planChange(block, prior, { ...prior, triggers }, rules).requiresReplace).toEqual(expected);
});

test("a destruction plans nothing", () => {
  expect(planChange(block, prior, null, rules)).toEqual({ planned: null, requiresReplace: [] });
});
