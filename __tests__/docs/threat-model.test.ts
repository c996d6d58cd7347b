import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const ROOT = join(__dirname, "../..");
const PAGE = readFileSync(join(ROOT, "docs/threat-model.md"), "utf8");
/** What takes a title first or, for what may be missing on a machine, second. */
const TITLED = new Set([
  "test",
  "describe",
  "testUnless",
  "describeUnlessMissing",
  "describeWithEngine",
  "testUnlessMissing",
]);

interface Claim {
  readonly claim: string;
  readonly tests: readonly { readonly file: string; readonly title: string }[];
  /** What stands beside the tests, and so would go unchecked. */
  readonly rest: string;
}

/** `path`: "title", "title" */
const HELD = /`(__tests__\/[^`]+)`: ((?:"[^"]+"(?:, )?)+)(?:; )?/g;

/** The rows of the page's tables. */
const CLAIMS: readonly Claim[] = [...PAGE.matchAll(/^\| (.+?) \| (.+) \|$/gm)]
  .filter(([, claim]) => claim !== "claim" && claim !== "---")
  .map(([, claim = "", held = ""]) => ({
    claim,
    tests: [...held.matchAll(HELD)].flatMap(([, file = "", titles = ""]) =>
      [...titles.matchAll(/"([^"]+)"/g)].map(([, title = ""]) => ({ file, title })),
    ),
    rest: held.replace(HELD, ""),
  }));

/** The titles of a file's tests and blocks, as they are written: "%s is refused". */
function titlesIn(file: string): Set<string> {
  const titles = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && TITLED.has(rootOf(node.expression))) {
      for (const argument of node.arguments) if (ts.isStringLiteralLike(argument)) titles.add(argument.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(join(ROOT, file), "utf8"), ts.ScriptTarget.ES2022));
  return titles;
}

/** `test` of `test.each(…)("…")`. */
function rootOf(callee: ts.Expression): string {
  if (ts.isIdentifier(callee)) return callee.text;
  return ts.isCallExpression(callee) || ts.isPropertyAccessExpression(callee)
    ? rootOf(callee.expression)
    : "";
}

test("the page makes claims, and this test would see one that nothing holds", () => {
  expect(CLAIMS.length).toBeGreaterThan(30);
  expect(titlesIn("__tests__/docs/threat-model.test.ts")).toContain("held by tests that exist: %s");
  expect(titlesIn("__tests__/docs/threat-model.test.ts")).not.toContain("held by nothing");
});

test.each(CLAIMS.map((claim) => [claim.claim, claim] as const))(
  "held by tests that exist: %s",
  (_, claim) => {
    const { tests, rest } = claim;
    expect(tests).not.toEqual([]);
    const missing = tests.filter(
      ({ file, title }) => !existsSync(join(ROOT, file)) || !titlesIn(file).has(title),
    );
    expect({ missing, rest }).toEqual({ missing: [], rest: "" });
  },
);
