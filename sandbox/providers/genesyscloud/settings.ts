import { parseRegion } from "../../../scripts/core/regions";
import { ProviderError } from "../protocol/diagnostic";
import { number, type ObjectValue, objects, text } from "../protocol/value";

/** How a provider block reaches Genesys Cloud, once its environment has been added. */
export interface Settings {
  /** Origin of the API: "https://api.mypurecloud.com". */
  readonly api: string;
  /** Origin of the login service: "https://login.mypurecloud.com". */
  readonly login: string;
  readonly credentials: Credentials;
  /** Tokens taken for the pool; only with a client. */
  readonly poolSize: number;
}

/** Who the provider is: a token as it is, or a client that asks for tokens. */
export type Credentials = { readonly accessToken: string } | { readonly id: string; readonly secret: string };

const POOL_SIZE = 10;
const LARGEST_POOL = 20;

/**
 * Reads a provider block as the real provider does: an attribute wins over its variable, and the gateway's
 * variables count only where the block holds a `gateway {}`.
 * @throws {ProviderError} when something is missing, or asks for what the stand-in does not imitate
 */
export function readSettings(config: ObjectValue, environment: NodeJS.ProcessEnv): Settings {
  const setting = (attribute: string, variable: string) =>
    text(config[attribute]) || environment[variable] || "";
  refuseProxy(config, environment);

  const accessToken = setting("access_token", "GENESYSCLOUD_ACCESS_TOKEN");
  const id = setting("oauthclient_id", "GENESYSCLOUD_OAUTHCLIENT_ID");
  const secret = setting("oauthclient_secret", "GENESYSCLOUD_OAUTHCLIENT_SECRET");
  if (!accessToken && !(id && secret)) {
    throw new ProviderError(
      "The provider has no credentials",
      "Set GENESYSCLOUD_OAUTHCLIENT_ID and GENESYSCLOUD_OAUTHCLIENT_SECRET, or GENESYSCLOUD_ACCESS_TOKEN.",
    );
  }
  const gateway = gatewayOrigin(config, environment);
  return {
    ...(gateway
      ? { api: gateway, login: gateway }
      : regionOrigins(setting("aws_region", "GENESYSCLOUD_REGION"))),
    credentials: accessToken ? { accessToken } : { id, secret },
    poolSize: poolSize(config, environment),
  };
}

function gatewayOrigin(config: ObjectValue, environment: NodeJS.ProcessEnv): string | undefined {
  const [gateway] = objects(config.gateway);
  if (!gateway) return undefined;
  if (objects(gateway.auth).length > 0 || objects(gateway.path_params).length > 0) {
    throw new ProviderError('The stand-in provider does not imitate "auth" and "path_params" of a gateway.');
  }
  const host = text(gateway.host) || environment.GENESYSCLOUD_GATEWAY_HOST;
  // An empty gateway block is harmless: without a host the region's own hosts are meant.
  if (!host) return undefined;
  const port = text(gateway.port) || environment.GENESYSCLOUD_GATEWAY_PORT;
  const protocol = text(gateway.protocol) || environment.GENESYSCLOUD_GATEWAY_PROTOCOL || "https";
  return `${protocol}://${host}${port ? `:${port}` : ""}`;
}

function regionOrigins(region: string): Pick<Settings, "api" | "login"> {
  if (!region)
    throw new ProviderError("The provider has no region", "Set GENESYSCLOUD_REGION, or aws_region.");
  try {
    const { domain } = parseRegion(region);
    return { api: `https://api.${domain}`, login: `https://login.${domain}` };
  } catch (error) {
    throw new ProviderError(
      "The provider's region is unknown",
      error instanceof Error ? error.message : undefined,
    );
  }
}

function poolSize(config: ObjectValue, environment: NodeJS.ProcessEnv): number {
  const size =
    number(config.token_pool_size) ?? Number(environment.GENESYSCLOUD_TOKEN_POOL_SIZE || POOL_SIZE);
  if (!Number.isInteger(size) || size < 1 || size > LARGEST_POOL) {
    throw new ProviderError(`expected token_pool_size to be in the range (1 - ${LARGEST_POOL})`);
  }
  return size;
}

// Node's fetch has no proxy of its own, and going around the one that was asked for would be worse than stopping.
function refuseProxy(config: ObjectValue, environment: NodeJS.ProcessEnv): void {
  const [proxy] = objects(config.proxy);
  if (proxy && (text(proxy.host) || environment.GENESYSCLOUD_PROXY_HOST)) {
    throw new ProviderError("The stand-in provider does not go through a proxy.");
  }
}
