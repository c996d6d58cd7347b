import { packValue, unpackObject } from "../../../sandbox/providers/protocol/dynamic-value";
import { UNKNOWN } from "../../../sandbox/providers/protocol/value";

test("an absent object is msgpack nil", () => {
  expect([...packValue(null).msgpack]).toEqual([0xc0]);
  expect(unpackObject(packValue(null))).toBeNull();
});

test("a message without a value is an absent object", () => {
  expect(unpackObject(null)).toBeNull();
  expect(unpackObject(undefined)).toBeNull();
  expect(unpackObject({ msgpack: new Uint8Array() })).toBeNull();
});

test("an unknown value is extension 0 with one zero byte", () => {
  expect([...packValue(UNKNOWN).msgpack]).toEqual([0xd4, 0, 0]);
});

test("objects, sets, maps and unknown values survive the journey at any depth", () => {
  const object = {
    id: UNKNOWN,
    name: "orders",
    seconds: 38_880_000,
    ratio: 0.5,
    on: false,
    nothing: null,
    scopes: ["a", "b"],
    roles: [{ role_id: "r", division_id: UNKNOWN }],
    triggers: { version: "1" },
  };
  expect(unpackObject(packValue(object))).toEqual(object);
  expect(unpackObject(packValue(object))?.id).toBe(UNKNOWN);
});

test("an unknown value of which the engine knows something is unknown", () => {
  // {"id": extension 12 holding {1: false}, "not null"}
  const msgpack = Uint8Array.from([0x81, 0xa2, 0x69, 0x64, 0xc7, 3, 12, 0x81, 1, 0xc2]);
  expect(unpackObject({ msgpack })).toEqual({ id: UNKNOWN });
});

test("what is no object is refused", () => {
  expect(() => unpackObject(packValue("text"))).toThrow("not an object");
});
