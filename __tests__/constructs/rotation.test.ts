import { Rotation } from "../../constructs";

test("the default rotates only with the client", () => {
  expect(Rotation.onClientChange().id).toBe("on-client-change");
});

describe("version", () => {
  test.each(["1", "2026-07", "v 1", "ä", "a".repeat(128)])("%j is fine", (version) => {
    expect(Rotation.version(version).id).toBe(`version:${version}`);
  });
  test.each([
    ["", '""'],
    ["a".repeat(129), `"${"a".repeat(129)}"`],
    ["a\nb", '"a\\nb"'],
    ["a\tb", '"a\\tb"'],
    ["\u0000", '"\\u0000"'],
    ["a\u2028b", '"a\\u2028b"'],
    ["a\u202eb", '"a\\u202eb"'],
    [undefined, "undefined"],
    [null, "null"],
    [1, "1"],
    [1n, "a bigint"],
  ])("%p is refused", (version, got) => {
    expect(() => Rotation.version(version as string)).toThrow(
      `Rotation.version() must be a text of 1 to 128 printable characters, got ${got}.`,
    );
  });
});
