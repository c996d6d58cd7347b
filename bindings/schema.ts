import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ProviderSchema } from "@cdktf/commons";

/** Versions of the provider that the bindings fit. */
export const PROVIDER_CONSTRAINT = "~> 1.82";

/** The committed schema: the provider's structure cut to what we use, with our descriptions. */
export const SCHEMA_FILE = join(__dirname, "genesyscloud.schema.json");

/** Reads the committed schema. */
export function readSchema(): ProviderSchema {
  return JSON.parse(readFileSync(SCHEMA_FILE, "utf8"));
}
