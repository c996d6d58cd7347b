import fc from "fast-check";
import { isInShard, parseShard } from "../../../scripts/fleet/shard";

test("shards are a partition, whatever else is in the fleet", () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 50 }), (key, of) => {
      const parts = Array.from({ length: of }, (_, index) => isInShard(key, { part: index + 1, of }));
      expect(parts.filter(Boolean)).toHaveLength(1);
    }),
  );
});

test("shards are about as large as each other", () => {
  const sizes = Array.from(
    { length: 5 },
    (_, index) =>
      Array.from({ length: 1_000 }, (_, client) => `service-${client}`).filter((key) =>
        isInShard(key, { part: index + 1, of: 5 }),
      ).length,
  );
  expect(sizes.reduce((sum, size) => sum + size)).toBe(1_000);
  expect(Math.max(...sizes)).toBeLessThan(250);
});

test.each(["0/2", "3/2", "1/0", "1", "/", "-1/2", "1/2/3", "a/b", ""])("%p is no shard", (text) => {
  expect(() => parseShard(text)).toThrow(/--shard must be PART\/OF/);
});

test("2/5 is the second of five", () => {
  expect(parseShard("2/5")).toEqual({ part: 2, of: 5 });
});
