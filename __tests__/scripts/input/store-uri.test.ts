import assert from "node:assert/strict";
import fc from "fast-check";
import { SCHEMES } from "../../../scripts/stores/schemes";
import { parseStoreUri, StoreUriError } from "../../../scripts/stores/uri";
import { assertHarmless, hostileText } from "../../helpers/hostile-text";
import { WELL_FORMED } from "./well-formed";

const schemes = Object.keys(WELL_FORMED) as (keyof typeof SCHEMES)[];
const optionNames = [...new Set(Object.values(SCHEMES).flatMap(({ options }) => Object.keys(options)))];
const spoilt = fc
  .tuple(
    fc.constantFrom(...schemes).map((scheme) => [scheme, WELL_FORMED[scheme]] as const),
    hostileText,
    fc.nat(60),
    fc.boolean(),
  )
  .map(([[scheme, good], text, at, encoded]) => {
    const piece = encoded && !/\p{Cs}/u.test(text) ? encodeURIComponent(text) : text;
    return `${scheme}:${good.slice(0, at)}${piece}${good.slice(at)}`;
  });
const option = fc.tuple(fc.oneof(fc.constantFrom(...optionNames), hostileText), hostileText);
const withOptions = fc
  .tuple(fc.constantFrom(...schemes), fc.array(option, { maxLength: 3 }))
  .map(([scheme, options]) => `${scheme}:${WELL_FORMED[scheme]}?${new URLSearchParams(options)}`);

test("a well-formed URI is a store", () => {
  for (const scheme of schemes) expect(parseStoreUri(`${scheme}:${WELL_FORMED[scheme]}`).scheme).toBe(scheme);
});

test("any text is a store, or refused as one: a message that names the rule and is harmless to print", () => {
  let [taken, refused] = [0, 0];
  fc.assert(
    fc.property(fc.oneof(hostileText, spoilt, withOptions), (text) => {
      try {
        const { text: canonical, scheme, target, options } = parseStoreUri(text);
        taken += 1;
        // One line that means the same again, wherever it is printed or handed on.
        assertHarmless(canonical);
        assert.ok(!canonical.includes("\n"));
        const again = parseStoreUri(canonical);
        assert.deepEqual([again.text, again.target], [canonical, target]);
        for (const name of options.keys()) assert.ok(Object.keys(SCHEMES[scheme].options).includes(name));
        assertStaysInPlace(scheme, target);
      } catch (error) {
        if (!(error instanceof StoreUriError)) throw error;
        refused += 1;
        assert.match(error.message, /^The store URI ".*" is not valid: .{10,}\.$/);
        assertHarmless(error.message);
        assert.ok(error.message.length < 3000);
      }
    }),
    { numRuns: 4000 },
  );
  expect(taken).toBeGreaterThan(300);
  expect(refused).toBeGreaterThan(300);
});

/** What becomes a part of an address, a path of an API or a line of a file means nothing else there. */
function assertStaysInPlace(scheme: string, target: string | readonly string[]): void {
  const parts = [target].flat();
  for (const part of parts) assert.ok(!part.includes("\0"));
  if (scheme === "command" || scheme === "stdout") return;
  for (const part of parts) assert.doesNotMatch(part, /[\u0000-\u001f\u007f]/);
  if (scheme === "file") return;
  // AWS takes names in a body, where dots are dots.
  if (!scheme.startsWith("aws-"))
    for (const segment of parts.flatMap((part) => part.split("/"))) assert.doesNotMatch(segment, /^\.{1,2}$/);
  if (scheme === "vault") return;
  for (const part of parts) assert.match(part, /^[\w./+=@:-]+$/);
}

test("names that every object has are no schemes and no options", () => {
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"]) {
    expect(() => parseStoreUri(`${name}:x`)).toThrow("its scheme is unknown");
    for (const scheme of schemes)
      expect(() => parseStoreUri(`${scheme}:${WELL_FORMED[scheme]}?${name}=1`)).toThrow(
        `option "${name}" is unknown`,
      );
  }
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});
