import type { handleUnaryCall, UntypedServiceImplementation } from "@grpc/grpc-js";
import { errorDiagnostic, ProviderError } from "./diagnostic";
import { packValue, unpackObject } from "./dynamic-value";
import type { Request, Response } from "./messages";
import { planChange } from "./plan";
import type { StandInProvider } from "./provider";
import { schemaMessage, schemaMessages, shapeTo } from "./schema";
import type { Sessions } from "./sessions";
import type { ObjectValue } from "./value";

type Answer = (request: Request, peer: string) => Response | Promise<Response>;

/** The calls of the protocol, answered by `provider`. */
export function pluginService<Session>(
  provider: StandInProvider<Session>,
  sessions: Sessions<Session>,
): UntypedServiceImplementation {
  const { schema, legacyTypeSystem: legacy_type_system } = provider;
  const resource = (name: string) => named(provider.resources, name);
  const block = (name: string) => named(schema.resource_schemas ?? {}, name).block;

  const answers: Record<string, Answer> = {
    GetSchema: () => ({
      provider: schemaMessage(schema.provider),
      resource_schemas: schemaMessages(schema.resource_schemas),
      data_source_schemas: schemaMessages(schema.data_source_schemas),
    }),

    PrepareProviderConfig: ({ config }) => ({ prepared_config: config }),

    ValidateResourceTypeConfig: ({ type_name, config }) => ({
      diagnostics: resource(type_name).validate?.(present(unpackObject(config))),
    }),

    ValidateDataSourceConfig: () => ({}),

    UpgradeResourceState: ({ type_name, raw_state }) => {
      const saved = JSON.parse(Buffer.from(raw_state?.json ?? []).toString() || "{}") as ObjectValue;
      return { upgraded_state: packValue(shapeTo(block(type_name), saved)) };
    },

    Configure: async ({ config }, peer) => {
      sessions.open(peer, await provider.configure(present(unpackObject(config))));
      return {};
    },

    ReadResource: async ({ type_name, current_state, private: kept }, peer) => {
      const state = await resource(type_name).read(sessions.of(peer), present(unpackObject(current_state)));
      return { new_state: packValue(state), private: kept };
    },

    PlanResourceChange: ({ type_name, prior_state, proposed_new_state, prior_private }) => {
      const prior = unpackObject(prior_state);
      const plan = planChange(block(type_name), prior, unpackObject(proposed_new_state), resource(type_name));
      return {
        planned_state: packValue(plan.planned),
        requires_replace: plan.requiresReplace.map((attribute_name) => ({ steps: [{ attribute_name }] })),
        planned_private: prior_private,
        legacy_type_system,
      };
    },

    ApplyResourceChange: async ({ type_name, prior_state, planned_state, planned_private }, peer) => {
      const type = resource(type_name);
      const prior = unpackObject(prior_state);
      const planned = unpackObject(planned_state);
      let kept = prior;
      const keep = (state: ObjectValue) => {
        kept = state;
      };
      const rest = { private: planned_private, legacy_type_system };
      try {
        const session = sessions.of(peer);
        let state: ObjectValue | null = null;
        if (planned === null) await type.destroy(session, present(prior));
        else if (prior === null) state = await type.create(session, planned, keep);
        else state = await type.update(session, prior, planned, keep);
        return { ...rest, new_state: packValue(state) };
      } catch (error) {
        // With a state beside the error the engine remembers an object that exists, tainted if it is a new one.
        return { ...rest, new_state: packValue(kept), diagnostics: [errorDiagnostic(error)] };
      }
    },

    ImportResourceState: ({ type_name, id }) => ({
      imported_resources: [{ type_name, state: packValue(shapeTo(block(type_name), { id })) }],
    }),

    ReadDataSource: async ({ type_name, config }, peer) => {
      const type = named(provider.dataSources, type_name);
      return { state: packValue(await type.read(sessions.of(peer), present(unpackObject(config)))) };
    },

    // The engine waits for what is under way: like the real providers, nothing is broken off.
    Stop: () => ({}),
  };
  return Object.fromEntries(Object.entries(answers).map(([call, answer]) => [call, unary(answer)]));
}

/** An answer as gRPC takes it. A failure travels as a diagnostic, which the engine prints; not as a gRPC error. */
function unary(answer: Answer): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    Promise.resolve()
      .then(() => answer(call.request, call.getPeer()))
      .catch((error): Response => ({ diagnostics: [errorDiagnostic(error)] }))
      .then((response) => callback(null, response));
  };
}

function named<T>(table: Readonly<Record<string, T>>, name: string): T {
  const found = table[name];
  if (found === undefined) throw new ProviderError(`The stand-in provider has no "${name}".`);
  return found;
}

function present(object: ObjectValue | null): ObjectValue {
  if (object === null) throw new ProviderError("The engine sent no object where the protocol requires one.");
  return object;
}
