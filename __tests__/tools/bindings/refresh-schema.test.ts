import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { refreshSchema, schemaPath } from "../../../tools/bindings/refresh-schema";
import { BOUND_PROVIDERS, GENESYSCLOUD, schemaKey } from "../../../tools/bindings/schema";

const folder = mkdtempSync(join(tmpdir(), "refresh-schema-"));
const written = join(folder, "written.json");
const engine = join(folder, "engine");
const before = process.env.TERRAFORM_BINARY_NAME;

/** A program in the engine's place whose `providers schema` prints the document, or whose `init` fails. */
function fakeEngine(document: unknown, initExit = 0): void {
  writeFileSync(join(folder, "answer.json"), JSON.stringify(document));
  writeFileSync(
    engine,
    `#!/usr/bin/env node
if (process.argv[2] === "init" && ${initExit}) { console.error("no such provider here"); process.exit(${initExit}); }
if (process.argv[2] === "providers") process.stdout.write(require("fs").readFileSync(${JSON.stringify(join(folder, "answer.json"))}));
`,
  );
  chmodSync(engine, 0o755);
  process.env.TERRAFORM_BINARY_NAME = engine;
}

function committed() {
  return JSON.parse(readFileSync(schemaPath(GENESYSCLOUD), "utf8"));
}

const OURS = schemaKey(GENESYSCLOUD);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  if (before === undefined) delete process.env.TERRAFORM_BINARY_NAME;
  else process.env.TERRAFORM_BINARY_NAME = before;
});

test.each(BOUND_PROVIDERS)(
  "$name that did not change gives the committed file, byte for byte",
  (provider) => {
    const committed = readFileSync(schemaPath(provider), "utf8");
    fakeEngine(JSON.parse(committed));
    refreshSchema(provider, written);
    expect(readFileSync(written, "utf8")).toBe(committed);
  },
);

test("cuts to what we use, keeps our descriptions, takes theirs where we have none", () => {
  const theirs = committed();
  const provider = theirs.provider_schemas[OURS];
  provider.resource_schemas.genesyscloud_queue = { version: 0, block: { attributes: {} } };
  const { attributes } = provider.resource_schemas.genesyscloud_oauth_client.block;
  attributes.name.description = "another description";
  attributes.brand_new = {
    type: "string",
    description: "their description",
    description_kind: "markdown",
    optional: true,
  };
  theirs.provider_schemas = { "registry.opentofu.org/mypurecloud/genesyscloud": provider };
  fakeEngine(theirs);

  refreshSchema(GENESYSCLOUD, written);

  const result = JSON.parse(readFileSync(written, "utf8")).provider_schemas[OURS];
  expect(Object.keys(result.resource_schemas)).toEqual(["genesyscloud_oauth_client"]);
  const now = result.resource_schemas.genesyscloud_oauth_client.block.attributes;
  expect(now.name.description).toContain("Name of the client.");
  expect(now.brand_new).toEqual(attributes.brand_new);
});

test("says which resource the provider has lost", () => {
  const theirs = committed();
  delete theirs.provider_schemas[OURS].resource_schemas.genesyscloud_oauth_client;
  fakeEngine(theirs);
  expect(() => refreshSchema(GENESYSCLOUD, written)).toThrow(
    'The provider has no resource "genesyscloud_oauth_client".',
  );
});

test("without a provider it says what the engine said", () => {
  fakeEngine({}, 1);
  expect(() => refreshSchema(GENESYSCLOUD, written)).toThrow(
    /init .* failed[\s\S]*TF_CLI_CONFIG_FILE[\s\S]*no such provider here/,
  );
});

test("without an engine it says how to name one", () => {
  process.env.TERRAFORM_BINARY_NAME = join(folder, "no-engine");
  expect(() => refreshSchema(GENESYSCLOUD, written)).toThrow(/^No engine: .*TERRAFORM_BINARY_NAME/);
});
