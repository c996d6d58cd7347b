import { Rotation } from "../../constructs";

test("the default rotates only with the client", () => {
  expect(Rotation.onClientChange().id).toBe("on-client-change");
});

describe("version", () => {
  test.each(["1", "2026-07", "v 1", "ä", "a".repeat(128)])("%j is fine", (version) => {
    expect(Rotation.version(version).id).toBe(`version:${version}`);
  });
  test.each(["", "a".repeat(129), "a\nb", "a\tb", "\u0000", "a\u2028b", "a\u202eb", undefined, null, 1])(
    "%j is refused",
    (version) => {
      expect(() => Rotation.version(version as string)).toThrow(
        `Rotation.version() must be a text of 1 to 128 printable characters, got ${JSON.stringify(version)}.`,
      );
    },
  );
});
