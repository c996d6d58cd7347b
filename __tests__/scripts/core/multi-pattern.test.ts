import fc from "fast-check";
import { MultiPattern } from "../../../scripts/core/multi-pattern";

const hits = (patterns: string[], text: string, ignoreCase = false): [number, number][] => {
  const found: [number, number][] = [];
  const bytes = Buffer.from(text, "latin1");
  new MultiPattern(
    patterns.map((pattern) => Buffer.from(pattern, "latin1")),
    ignoreCase,
  ).search(bytes, 0, bytes.length, bytes.length, (at, pattern) => found.push([at, pattern]));
  return found;
};

test("finds what a search one by one finds", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 2, maxLength: 9 });
  const text = fc.string({ unit: fc.constantFrom("a", "b", "c", "d"), maxLength: 300 });
  fc.assert(
    fc.property(fc.uniqueArray(word, { minLength: 1, maxLength: 8 }), text, (patterns, haystack) => {
      const expected = patterns.flatMap((pattern, index) =>
        [...haystack].flatMap((_, at) => (haystack.startsWith(pattern, at) ? [[at, index]] : [])),
      );
      const order = (one: number[], other: number[]): number =>
        (one[0] as number) - (other[0] as number) || (one[1] as number) - (other[1] as number);
      expect(hits(patterns, haystack).sort(order)).toEqual(expected.sort(order));
    }),
  );
});

test("ignores the case of letters when told to", () => {
  expect(hits(["secret"], "SECRET Secret sEcReT s3cret", true).map(([at]) => at)).toEqual([0, 7, 14]);
  expect(hits(["secret"], "SECRET secret")).toEqual([[7, 0]]);
});
