import assert from "node:assert/strict";
import fc from "fast-check";

/** What a name chosen by somebody else may hold, each made to break one thing. */
export const HOSTILE_TEXTS: readonly string[] = [
  "",
  " ",
  "\u001b[2J\u001b]0;owned\u0007",
  "\u009b31m",
  "a\nb",
  "a\r\nX-Injected: 1",
  "\n::add-mask::e",
  "::set-env name=PATH::/tmp",
  "x ##[stop-commands]token",
  "##vso[task.setvariable variable=PATH]/tmp",
  "###[group]",
  "##teamcity[buildStop]",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is Terraform's
  '${file("/etc/passwd")}',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a shell's
  "${HOME}",
  "%{ if true }x%{ endif }",
  "$(id)",
  "`id`",
  "'; id; '",
  '" && id && "',
  "A=B\nC=D",
  "key: !!js/function 'x'",
  "- &a [*a]",
  "../../../etc/passwd",
  "..%2f..%2f",
  "%",
  "%zz",
  "%00",
  "%0a::add-mask::e",
  "\u0000",
  "\ud800",
  "\udfff",
  "\u202egnp.exe",
  "\u2066a\u2069",
  "\u061c",
  "\u200b",
  "\u2028::error::x",
  "\ufeff",
  "\u{e0041}",
  "👩‍👩‍👧",
  "é́",
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  '{"a":1}',
  "[".repeat(5000),
  "x".repeat(70_000),
  'file:./x\ncommand:["id"]',
];

/** Any text: noise, hostile pieces, and both put together. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom(...HOSTILE_TEXTS),
  fc
    .array(fc.oneof(fc.constantFrom(...HOSTILE_TEXTS.filter((text) => text.length < 100)), fc.string()), {
      minLength: 2,
      maxLength: 4,
    })
    .map((parts) => parts.join("")),
);

/** Any value that a caller in JavaScript may give in place of a text. */
export const anything: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withSparseArray: true,
  }),
  fc.constantFrom(Symbol("s"), () => "f", Number.NaN, Number.POSITIVE_INFINITY, circular()),
);

function circular(): unknown {
  const object: Record<string, unknown> = {};
  object.self = object;
  return object;
}

// On purpose not the program's own list: what is not seen, or moves the writing, and what runners take for commands.
const NOT_SEEN =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/u;
const COMMAND = /##(vso|teamcity)?\[|^\s*::/m;

/** Fails when a text could do more in a terminal, a log or a CI job than be read. */
export function assertHarmless(text: string): void {
  for (const pattern of [NOT_SEEN, COMMAND]) {
    const found = pattern.exec(text);
    assert.equal(found && JSON.stringify(text.slice(Math.max(found.index - 30, 0), found.index + 30)), null);
  }
}
