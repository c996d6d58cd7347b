import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pageText, ROOT } from "./pages";

const { name: PACKAGE, bin } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
const [COMMAND] = Object.keys(bin) as [string];

/** All that tells people what to type: pages, CI templates and the program's own messages. */
const PLACES = execFileSync(
  "git",
  [
    "ls-files",
    "--cached",
    "--others",
    "--exclude-standard",
    "*.md",
    "*.yml",
    "*.yaml",
    "scripts",
    "constructs",
  ],
  { cwd: ROOT, encoding: "utf8" },
)
  .split("\n")
  .filter((path) => path !== "" && !path.startsWith(".gen/") && existsSync(join(ROOT, path)));

/**
 * What npx would fetch from the registry under a name that is not ours: npx runs a command of the project's own
 * packages where these are installed, else the package that is called so, whoever registered it.
 */
function foreignNames(text: string): string[] {
  return [...text.matchAll(/\bnpx +((?:-\S+ +)*)(\S+)( +[\w-]+)?/g)].flatMap(
    ([call, flags = "", word, next]) => {
      const name = (word as string).replace(/[^\w@/-].*$/, "");
      if (/(^| )(-p|--package) $/.test(flags))
        return name === PACKAGE && next?.trim() === COMMAND ? [] : [call];
      if (name !== COMMAND) return existsSync(join(ROOT, "node_modules/.bin", name)) ? [] : [call];
      return /\bnpm (ci|install)\b/.test(text.slice(0, text.indexOf(call))) ? [] : [call];
    },
  );
}

test.each([
  ["npx genesys-secret verify", ["npx genesys-secret verify"]],
  ["npx --yes genesys-secret verify", ["npx --yes genesys-secret verify"]],
  ["npx -p genesys-secret genesys-secret", ["npx -p genesys-secret genesys-secret"]],
  ["npx some-unknown-tool", ["npx some-unknown-tool"]],
  ["npm install cdktf-genesyscloud-secure-oauth-client\nnpx genesys-secret verify", []],
  ["npx -p cdktf-genesyscloud-secure-oauth-client genesys-secret verify", []],
])("%j: which names are foreign is known", (text, expected) => {
  expect(foreignNames(text)).toEqual(expected);
});

test("there are pages, templates and messages that name npx", () => {
  const named = PLACES.filter((place) => pageText(place).includes("npx "));
  for (const place of [
    "README.md",
    "examples/ci/gitlab/genesys-secret.gitlab-ci.yml",
    "scripts/core/load-part.ts",
  ])
    expect(named).toContain(place);
});

test.each(PLACES)("%s has nobody run a package of somebody else", (place) => {
  expect(foreignNames(pageText(place))).toEqual([]);
});
