import fc from "fast-check";
import { Secret } from "../../../scripts/core/secret";
import { HeldDocument, type StoredDocument } from "../../../scripts/stores/document";
import { partOf } from "../../../scripts/stores/json-text";

const DOCUMENT: StoredDocument = {
  clientId: "3b7d6e0a-56ad-4f0b-a5f2-1c1f4e0d7a11",
  clientSecret: new Secret("the-new-secret"),
  region: "eu-central-1",
  regeneratedAt: "2026-11-28T12:00:00.000Z",
  rotation: "2",
  stores: ["file:./a.json", "vault:secret/a"],
};

/** A text of somebody else's, with our document in it. */
const withOurs = (text: string): string => HeldDocument.parse(text).with(DOCUMENT).text;

describe("what others have written beside a document stays as they wrote it", () => {
  test.each([
    ["a number that is longer than JavaScript's", '{"tenant":12345678901234567890}'],
    ["an id of 64 bits", '{"snowflake":1057345678901234601}'],
    ["a number without end to JavaScript", '{"huge":1e400}'],
    ["a number with zeros at its end", '{"price":1.50,"zero":-0.0,"e":1E+2}'],
    ["escapes that need none", '{"a\\u0062c":"\\u00e9\\/"}'],
    ["half a character", '{"half":"\\ud83d"}'],
    ["a name that stands twice", '{"a":1,"b":2,"a":3}'],
    ["names in an order of their own", '{"z":1,"10":2,"a":3,"2":4}'],
    ["an indentation of its own", '{\n\t"a" : [1,\n2],\n\t"b":   {"c":1}\n}\n'],
    ["lines as Windows ends them", '{\r\n  "a": 1\r\n}\r\n'],
    ["a byte order mark", '\uFEFF{ "a": 1 }\n'],
    ["white space around", '\n\n {"a":1} \n'],
  ])("such as %s", (_what, text) => {
    const held = HeldDocument.parse(text).with(DOCUMENT);
    expect(held.document).toEqual(DOCUMENT);
    // Written twice, and taken out again: what is left is what was there.
    expect(HeldDocument.parse(held.text).with(DOCUMENT).text).toBe(held.text);
    expect(held.others?.text).toBe(text);
  });

  test("whatever it is, in whatever layout", () => {
    const foreign = fc.dictionary(
      fc.string({ minLength: 1 }).map((name) => `x-${name}`),
      fc.jsonValue(),
      { minKeys: 1 },
    );
    const indent = fc.constantFrom(undefined, 1, 2, 4, "\t");
    fc.assert(
      fc.property(foreign, indent, (object, space) => {
        const text = JSON.stringify(object, null, space);
        expect(HeldDocument.parse(withOurs(text)).others?.text).toBe(text);
      }),
    );
  });
});

test("our fields take the layout of the fields beside them", () => {
  expect(withOurs('{\n    "a": 1\n}\n')).toContain(
    ',\n    "region": "eu-central-1",\n    "regenerated_at": "2026-11-28T12:00:00.000Z",\n    "rotation": "2",\n    "stores": [\n        "file:./a.json",\n        "vault:secret/a"\n    ]\n}\n',
  );
  expect(withOurs('{"a":1}')).toMatch(/^\{"a":1,"client_id":"3b7d[^ ]+\]\}$/);
});

test("a field of ours that stands twice is there once afterwards, with the new value", () => {
  const text = withOurs('{"client_secret":"old","a":1,"client_secret":"older"}');
  expect(text.match(/client_secret/g)).toHaveLength(1);
  expect(text).not.toContain("old");
  expect(HeldDocument.parse(text).document?.clientSecret.reveal()).toBe("the-new-secret");
});

test("a document alone is what JavaScript writes, and nothing is left of it without our fields", () => {
  const { text, others } = HeldDocument.parse(undefined).with(DOCUMENT);
  expect(text).toBe(JSON.stringify(JSON.parse(text)));
  expect(others).toBeUndefined();
});

test("the secret may stand in another field", () => {
  const held = HeldDocument.parse('{"n":1e400}', "password").with(DOCUMENT);
  expect(held.text).toContain('"password":"the-new-secret"');
  expect(held.text).not.toContain('"client_secret"');
  expect(held.others?.text).toBe('{"n":1e400}');
});

test("a part of a server's answer is had as it was written", () => {
  const answer = '{"data":{"data":{"tenant": 12345678901234567890},"metadata":{"version":3}}}';
  expect(partOf(answer, ["data", "data"])).toBe('{"tenant": 12345678901234567890}');
  expect(partOf(answer, ["data", "none"])).toBeUndefined();
});

test.each(["[1]", '"text"', "1", "null", '{"a":1', '{"a":1}x', "// a comment\n{}", '{"a":1,}'])(
  "%j is refused: it is not a JSON object",
  (text) => {
    expect(() => HeldDocument.parse(text)).toThrow("not a JSON object");
  },
);
