import type { StandInProvider } from "../protocol/provider";
import type { ProviderSchema } from "../protocol/schema";
import { dataSources } from "./data-sources";
import { OAUTH_CLIENT } from "./oauth-client/entity";
import { oauthClient } from "./oauth-client/resource";
import { Session } from "./session";
import { readSettings } from "./settings";

/**
 * A stand-in for `mypurecloud/genesyscloud`: OAuth clients and the data sources beside them, over HTTP.
 * @param environment read at each configuration, as if the provider were a process of its own
 */
export function genesysCloudProvider(
  schema: ProviderSchema,
  environment: NodeJS.ProcessEnv,
): StandInProvider<Session> {
  return {
    schema,
    legacyTypeSystem: true,
    resources: { [OAUTH_CLIENT]: oauthClient },
    dataSources,
    configure: (config) => Session.open(readSettings(config, environment)),
  };
}
