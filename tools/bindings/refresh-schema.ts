import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Provider } from "@cdktf/commons";
import { cutSchema } from "./cut-schema";
import { BOUND_PROVIDERS, type BoundProvider, providerIn, schemaKey } from "./schema";

/**
 * Rewrites a committed schema from the newest provider that an engine can get and the constraint allows.
 * The engine is the one TERRAFORM_BINARY_NAME names, else `terraform` or `tofu` on PATH; it takes the provider from
 * its registry, or from the mirror that TF_CLI_CONFIG_FILE describes.
 * @throws {Error} when there is no engine or no provider; the message holds what the engine said.
 */
export function refreshSchema(provider: BoundProvider, file = schemaPath(provider)): void {
  const known = providerIn(provider);
  const found = cutSchema(readFromEngine(findEngine(), provider), known);
  writeFileSync(file, format({ ...provider.schema, provider_schemas: { [schemaKey(provider)]: found } }));
}

/** Path of a committed schema. */
export function schemaPath({ schemaFile }: BoundProvider): string {
  return join(__dirname, schemaFile);
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

function readFromEngine(engine: string, { name, source, constraint }: BoundProvider): Provider {
  const folder = mkdtempSync(join(tmpdir(), `${name}-schema-`));
  const run = (...args: string[]): string => runEngine(engine, args, folder, `${source} ${constraint}`);
  try {
    const required_providers = { [name]: { source, version: constraint } };
    writeFileSync(join(folder, "main.tf.json"), JSON.stringify({ terraform: { required_providers } }));
    run("init", "-input=false", "-no-color");
    const answer = JSON.parse(run("providers", "schema", "-json"));
    // The host differs with the engine: registry.terraform.io or registry.opentofu.org.
    const found = Object.keys(answer.provider_schemas ?? {}).find((key) => key.endsWith(`/${source}`));
    if (!found) throw new Error(`${engine} gave no schema of ${source}.`);
    return answer.provider_schemas[found];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runEngine(engine: string, args: string[], cwd: string, wanted: string): string {
  // The whole schema of the provider is some 10 MB of JSON.
  const { status, stdout, stderr } = spawnSync(engine, args, { cwd, encoding: "utf8", maxBuffer: 2 ** 28 });
  if (status === 0) return stdout;
  throw new Error(
    `\`${engine} ${args.join(" ")}\` failed, so there is no provider ${wanted} to read. ` +
      `It needs its registry, or a mirror that TF_CLI_CONFIG_FILE names.\n${stderr.trim()}`,
  );
}

/** JSON as the formatter of this repository wants it: a type such as ["set", "string"] stays on one line. */
function format(schema: object): string {
  return `${JSON.stringify(schema, null, 2).replace(/\[\s+("\w+"),\s+("\w+")\s+\]/g, "[$1, $2]")}\n`;
}

if (require.main === module) {
  try {
    for (const provider of BOUND_PROVIDERS) {
      refreshSchema(provider);
      console.log(`${schemaPath(provider)} is written. Run \`npm run generate\` next.`);
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
