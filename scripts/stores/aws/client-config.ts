import type { Agent } from "node:https";
import { type Environment, variable } from "../../core/environment";
import { StoreFault } from "../../core/errors";
import { printable } from "../../core/printable";
import { proxyAgent } from "../../http/connection";
import { LIMITS } from "../../http/limits";
import type { StoreContext } from "../store";
import { badOption, type StoreUri } from "../uri";

/** What of AWS's own variables an --env-file may give; the SDK by itself sees the process's only. */
const KNOWN_OF_FILE =
  /^AWS_(REGION|DEFAULT_REGION|PROFILE|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|ENDPOINT_URL(_SECRETS_MANAGER|_SSM)?)$/;

/** A service of AWS, as its hosts and its variables call it. */
export type AwsService = "secretsmanager" | "ssm";

/** How the SDK's clients are configured; what is undefined the SDK finds by its own rules. */
export interface ClientConfig {
  readonly region?: string;
  readonly profile?: string;
  readonly credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  readonly endpoint?: string;
  readonly maxAttempts: number;
  readonly retryMode: "standard";
  readonly requestHandler: {
    connectionTimeout: number;
    requestTimeout: number;
    throwOnRequestTimeout: true;
    httpsAgent?: Agent;
  };
}

/** A region becomes a part of a host's name, and must not become more. */
const REGION = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** The region that a store's URI names. @throws {StoreUriError} when it is none */
export function regionOption(uri: StoreUri): string | undefined {
  const region = uri.options.get("region");
  if (region !== undefined && !REGION.test(region))
    throw badOption(uri, "the option region must be a region of AWS, such as eu-central-1");
  return region;
}

/**
 * Configures a client of the SDK.
 * @param region the region that the URI names. @default - the environment's, else the profile's
 */
export async function clientConfig(
  service: AwsService,
  region: string | undefined,
  uri: StoreUri,
  { environment, progress }: StoreContext,
): Promise<ClientConfig> {
  const where =
    region ?? variable(environment, "AWS_REGION") ?? variable(environment, "AWS_DEFAULT_REGION") ?? undefined;
  if (where !== undefined && !REGION.test(where))
    throw new StoreFault(`AWS_REGION or AWS_DEFAULT_REGION is no region of AWS: "${printable(where)}"`);
  const fromFile = (name: string): string | undefined =>
    process.env[name] === undefined ? variable(environment, name) : undefined;
  const endpoint = fromFile(endpointVariable(service)) ?? fromFile("AWS_ENDPOINT_URL");
  const unseen = Object.keys(environment).filter(
    (name) => name.startsWith("AWS_") && !KNOWN_OF_FILE.test(name) && fromFile(name) !== undefined,
  );
  if (unseen.length > 0)
    progress.warn(
      `${uri.text}: the AWS SDK does not see ${unseen.join(", ")} of the env file; set it in the environment`,
    );
  const agent = await proxyAgent(
    endpoint ?? environmentEndpoint(service) ?? `https://${service}${where ? `.${where}` : ""}.amazonaws.com`,
  );
  return {
    region: where,
    profile: fromFile("AWS_PROFILE"),
    credentials: staticCredentials(environment, fromFile),
    endpoint,
    maxAttempts: LIMITS.aws.attempts,
    retryMode: "standard",
    requestHandler: {
      connectionTimeout: LIMITS.aws.connectMs,
      requestTimeout: LIMITS.aws.wholeMs,
      throwOnRequestTimeout: true,
      ...(agent ? { httpsAgent: agent } : {}),
    },
  };
}

function endpointVariable(service: AwsService): string {
  return service === "ssm" ? "AWS_ENDPOINT_URL_SSM" : "AWS_ENDPOINT_URL_SECRETS_MANAGER";
}

/** Where the SDK will go by itself; asked only to know whether a proxy stands in between. */
function environmentEndpoint(service: AwsService): string | undefined {
  const url = variable(process.env, endpointVariable(service)) ?? variable(process.env, "AWS_ENDPOINT_URL");
  return url !== undefined && URL.canParse(url) ? url : undefined;
}

/** Keys of an env file. A profile wins over keys, as in the SDK's own chain. */
function staticCredentials(
  environment: Environment,
  fromFile: (name: string) => string | undefined,
): ClientConfig["credentials"] {
  const accessKeyId = fromFile("AWS_ACCESS_KEY_ID");
  const secretAccessKey = fromFile("AWS_SECRET_ACCESS_KEY");
  if (!accessKeyId || !secretAccessKey || variable(environment, "AWS_PROFILE")) return undefined;
  return { accessKeyId, secretAccessKey, sessionToken: fromFile("AWS_SESSION_TOKEN") };
}
