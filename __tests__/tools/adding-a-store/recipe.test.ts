import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { SCHEMES } from "../../../scripts/stores/schemes";
import { ROOT } from "../../docs/pages";
import { recipe } from "./recipe";

const TESTS = join(ROOT, "__tests__/scripts/stores");
const tests = readdirSync(TESTS, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".test.ts"))
  .map((file) => readFileSync(join(TESTS, file), "utf8"));

test("CONTRIBUTING.md adds a store by one folder, one row, one factory and the conformance suite", () => {
  expect(recipe().map(({ file, code }) => [file, code !== undefined])).toEqual([
    ["scripts/stores/toybox/grammar.ts", true],
    ["scripts/stores/toybox/store.ts", false],
    ["scripts/stores/schemes.ts", true],
    ["constructs/secret-store.ts", true],
    ["__tests__/scripts/stores/toybox/store.test.ts", true],
  ]);
});

/** These live in a CI job or print, so that the suite, which looks at what is kept, has nothing to look at. */
const WITHOUT_SUITE = ["github-env", "gitlab-dotenv", "stdout"];

test.each(Object.keys(SCHEMES))("%s: is where the recipe puts a store", (scheme) => {
  for (const name of ["grammar.ts", "store.ts"])
    expect(existsSync(join(ROOT, "scripts/stores", scheme, name))).toBe(true);
  const inSuite = tests.some((text) => new RegExp(`describeStore\\(\\s*"${scheme}:`).test(text));
  expect(inSuite).toBe(!WITHOUT_SUITE.includes(scheme));
});
