import { randomBytes } from "node:crypto";
import type { ResourceType, StandInProvider } from "../protocol/provider";
import type { ProviderSchema } from "../protocol/schema";

const schema: ProviderSchema = {
  provider: { version: 0, block: {} },
  resource_schemas: {
    null_resource: {
      version: 0,
      block: {
        description: "A resource that does nothing but carry triggers and provisioners.",
        attributes: {
          id: { type: "string", computed: true, description: "A random number, new with each replacement." },
          triggers: {
            type: ["map", "string"],
            optional: true,
            description:
              "Arbitrary texts; when one changes, the resource is replaced and its provisioners run again.",
          },
        },
      },
    },
  },
};

const nullResource: ResourceType<void> = {
  forceNew: ["triggers"],
  create: async (_session, planned) => ({ ...planned, id: randomId() }),
  read: async (_session, state) => state,
  update: async (_session, _prior, planned) => planned,
  destroy: async () => {},
};

/** A stand-in for `hashicorp/null`: its `null_resource`. */
export const nullProvider: StandInProvider<void> = {
  schema,
  legacyTypeSystem: false,
  resources: { null_resource: nullResource },
  dataSources: {},
  configure: async () => {},
};

/** 63 random bits in decimal, as the real provider makes them. */
function randomId(): string {
  return (randomBytes(8).readBigUInt64BE() >> 1n).toString();
}
