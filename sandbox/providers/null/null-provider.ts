import { randomBytes } from "node:crypto";
import { NULL, providerIn } from "../../../tools/bindings/schema";
import type { ResourceType, StandInProvider } from "../protocol/provider";
import type { ProviderSchema } from "../protocol/schema";

const nullResource: ResourceType<void> = {
  forceNew: ["triggers"],
  create: async (_session, planned) => ({ ...planned, id: randomId() }),
  read: async (_session, state) => state,
  update: async (_session, _prior, planned) => planned,
  destroy: async () => {},
};

/** A stand-in for `hashicorp/null`: its `null_resource`, of the schema that the bindings are generated from. */
export const nullProvider: StandInProvider<void> = {
  schema: providerIn(NULL) as ProviderSchema,
  legacyTypeSystem: false,
  resources: { null_resource: nullResource },
  dataSources: {},
  configure: async () => {},
};

/** 63 random bits in decimal, as the real provider makes them. */
function randomId(): string {
  return (randomBytes(8).readBigUInt64BE() >> 1n).toString();
}
