import type { Provider, ProviderSchema } from "@cdktf/commons";
// Imported rather than read: the program's bundle has them inside, for the sandbox's stand-in providers.
import genesyscloud from "./genesyscloud.schema.json";
import nullSchema from "./null.schema.json";

/** A provider that bindings are generated for, from a schema that is committed. */
export interface BoundProvider {
  /** Name of the folder of bindings, and of the provider in a stack. */
  readonly name: string;
  /** Where it comes from, as `required_providers` names it. */
  readonly source: string;
  /** Versions that the bindings fit. */
  readonly constraint: string;
  /** The provider's structure cut to what we use, with our descriptions. */
  readonly schema: ProviderSchema;
  /** Name of the file in this folder that holds it. */
  readonly schemaFile: string;
}

export const GENESYSCLOUD: BoundProvider = {
  name: "genesyscloud",
  source: "mypurecloud/genesyscloud",
  constraint: "~> 1.82",
  schema: genesyscloud as unknown as ProviderSchema,
  schemaFile: "genesyscloud.schema.json",
};

/** For CDK Terrain and for jsii: the prebuilt package demands CDKTF beside it. */
export const NULL: BoundProvider = {
  name: "null",
  source: "hashicorp/null",
  constraint: "~> 3.2",
  schema: nullSchema as unknown as ProviderSchema,
  schemaFile: "null.schema.json",
};

export const BOUND_PROVIDERS: readonly BoundProvider[] = [GENESYSCLOUD, NULL];

/** Key of a provider in a schema of `terraform providers schema -json`. */
export function schemaKey({ source }: BoundProvider): string {
  return `registry.terraform.io/${source}`;
}

/** The provider in its committed schema. @throws {Error} when it is not there */
export function providerIn(bound: BoundProvider): Provider {
  const provider = bound.schema.provider_schemas?.[schemaKey(bound)];
  if (!provider) throw new Error(`${bound.schemaFile} does not hold ${schemaKey(bound)}.`);
  return provider;
}
