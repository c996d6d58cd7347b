import { GENESYSCLOUD, providerIn } from "../../../tools/bindings/schema";
import type { ProviderSchema } from "../protocol/schema";

/** The schema that the bindings are generated from: the stand-in and the constructs cannot drift apart. */
export function genesysCloudSchema(): ProviderSchema {
  return providerIn(GENESYSCLOUD) as ProviderSchema;
}
