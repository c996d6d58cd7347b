import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Provider } from "@cdktf/commons";
import { cutSchema } from "./cut-schema";
import { PROVIDER_NAME, PROVIDER_SOURCE } from "./provider-name";
import { PROVIDER_CONSTRAINT, readSchema, SCHEMA_FILE } from "./schema";

/**
 * Rewrites the committed schema from the newest provider that an engine can get and the constraint allows.
 * The engine is the one TERRAFORM_BINARY_NAME names, else `terraform` or `tofu` on PATH; it takes the provider from
 * its registry, or from the mirror that TF_CLI_CONFIG_FILE describes.
 * @throws {Error} when there is no engine or no provider; the message holds what the engine said.
 */
export function refreshSchema(file = SCHEMA_FILE): void {
  const ours = readSchema();
  const known = ours.provider_schemas?.[PROVIDER_NAME];
  if (!known) throw new Error(`${SCHEMA_FILE} does not hold ${PROVIDER_NAME}.`);
  const schema = {
    ...ours,
    provider_schemas: { [PROVIDER_NAME]: cutSchema(readFromEngine(findEngine()), known) },
  };
  writeFileSync(file, format(schema));
}

function findEngine(): string {
  const candidates = process.env.TERRAFORM_BINARY_NAME
    ? [process.env.TERRAFORM_BINARY_NAME]
    : ["terraform", "tofu"];
  const found = candidates.find((name) => spawnSync(name, ["version"], { stdio: "ignore" }).status === 0);
  if (found) return found;
  throw new Error(
    `No engine: ${candidates.join(" and ")} could not be run. Install Terraform or OpenTofu, or name one in TERRAFORM_BINARY_NAME.`,
  );
}

function readFromEngine(engine: string): Provider {
  const folder = mkdtempSync(join(tmpdir(), "genesyscloud-schema-"));
  try {
    const required_providers = { genesyscloud: { source: PROVIDER_SOURCE, version: PROVIDER_CONSTRAINT } };
    writeFileSync(join(folder, "main.tf.json"), JSON.stringify({ terraform: { required_providers } }));
    run(engine, ["init", "-input=false", "-no-color"], folder);
    const answer = JSON.parse(run(engine, ["providers", "schema", "-json"], folder));
    // The host differs with the engine: registry.terraform.io or registry.opentofu.org.
    const name = Object.keys(answer.provider_schemas ?? {}).find((key) =>
      key.endsWith(`/${PROVIDER_SOURCE}`),
    );
    if (!name) throw new Error(`${engine} gave no schema of ${PROVIDER_SOURCE}.`);
    return answer.provider_schemas[name];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(engine: string, args: string[], cwd: string): string {
  // The whole schema of the provider is some 10 MB of JSON.
  const { status, stdout, stderr } = spawnSync(engine, args, { cwd, encoding: "utf8", maxBuffer: 2 ** 28 });
  if (status === 0) return stdout;
  throw new Error(
    `\`${engine} ${args.join(" ")}\` failed, so there is no provider ${PROVIDER_SOURCE} ${PROVIDER_CONSTRAINT} to read. ` +
      `It needs its registry, or a mirror that TF_CLI_CONFIG_FILE names.\n${stderr.trim()}`,
  );
}

/** JSON as the formatter of this repository wants it: a type such as ["set", "string"] stays on one line. */
function format(schema: object): string {
  return `${JSON.stringify(schema, null, 2).replace(/\[\s+("\w+"),\s+("\w+")\s+\]/g, "[$1, $2]")}\n`;
}

if (require.main === module) {
  try {
    refreshSchema();
    console.log(`${SCHEMA_FILE} is written. Run \`npm run generate\` next.`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
