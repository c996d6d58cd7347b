import { PROVIDER_NAME, readSchema } from "../../../bindings/schema";
import type { ProviderSchema } from "../protocol/schema";

/** The schema that the bindings are generated from: the stand-in and the constructs cannot drift apart. */
export function genesysCloudSchema(): ProviderSchema {
  const schema = readSchema().provider_schemas?.[PROVIDER_NAME];
  if (!schema) throw new Error(`The committed schema does not hold ${PROVIDER_NAME}.`);
  return schema as ProviderSchema;
}
