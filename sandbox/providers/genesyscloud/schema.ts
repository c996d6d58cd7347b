import schema from "../../../bindings/genesyscloud.schema.json";
import { PROVIDER_NAME } from "../../../bindings/provider-name";
import type { ProviderSchema } from "../protocol/schema";

/** The schema that the bindings are generated from: the stand-in and the constructs cannot drift apart. */
export function genesysCloudSchema(): ProviderSchema {
  return schema.provider_schemas[PROVIDER_NAME] as unknown as ProviderSchema;
}
