import { agreeing, type Environment, variable } from "../core/environment";
import { UsageError } from "../core/errors";
import { HIDDEN, printable } from "../core/printable";
import { DEFAULT_REGION, parseRegion, type Region } from "../core/regions";
import { isLoopback } from "../http/connection";

/** Where the API and the login service are, and how to get there. */
export interface Endpoint {
  readonly region: Region;
  /** Base of API calls, no slash at its end: "https://api.mypurecloud.com". */
  readonly api: string;
  /** Base of token calls: "https://login.mypurecloud.com". */
  readonly login: string;
  /** Proxy to go through, with its credentials; undefined: HTTPS_PROXY and NO_PROXY decide. */
  readonly proxy?: URL;
}

const REGION_VARIABLES = ["GENESYSCLOUD_REGION", "GENESYS_CLOUD_REGION"];

/**
 * Resolves region, gateway and proxy, the latter two as the Terraform provider understands them.
 * @param regionFlag the --region flag; it wins over the environment
 * @throws {UsageError} on an unknown region, a malformed gateway or proxy, or plain http to another machine
 */
export function readEndpoint(environment: Environment, regionFlag: string | undefined): Endpoint {
  const region = regionFlag !== undefined ? parseRegion(regionFlag) : regionOf(environment);
  const proxy = readUrl(environment, "GENESYSCLOUD_PROXY");
  if (proxy) {
    proxy.username = readProxyCredential(environment, "GENESYSCLOUD_PROXY_AUTH_USERNAME");
    proxy.password = readProxyCredential(environment, "GENESYSCLOUD_PROXY_AUTH_PASSWORD");
  }
  const gateway = readUrl(environment, "GENESYSCLOUD_GATEWAY");
  if (!gateway)
    return { region, api: `https://api.${region.domain}`, login: `https://login.${region.domain}`, proxy };
  if (gateway.protocol === "http:" && !isLoopback(gateway.hostname)) {
    throw new UsageError(
      `GENESYSCLOUD_GATEWAY_PROTOCOL is http, but GENESYSCLOUD_GATEWAY_HOST is "${printable(gateway.hostname)}": plain http goes to this machine only.`,
      "Set GENESYSCLOUD_GATEWAY_PROTOCOL=https and run again.",
    );
  }
  // The provider's path parameter: a prefix for either the API or the login calls.
  const prefixed = variable(environment, "GENESYSCLOUD_GATEWAY_PATH_NAME");
  const value = (variable(environment, "GENESYSCLOUD_GATEWAY_PATH_VALUE") ?? "").replace(/^\/+|\/+$/g, "");
  // Whatever else stands there could end the path, or lead out of it.
  if (!/^[A-Za-z0-9._~/-]*$/.test(value) || value.split("/").some((part) => /^\.{1,2}$/.test(part))) {
    throw new UsageError(
      `GENESYSCLOUD_GATEWAY_PATH_VALUE must be a path of letters, digits and ._~-, it is "${printable(value)}".`,
    );
  }
  const base = (name: string): string => gateway.origin + (prefixed === name && value ? `/${value}` : "");
  return { region, api: base("api"), login: base("login"), proxy };
}

function regionOf(environment: Environment): Region {
  return agreeing(environment, REGION_VARIABLES, parseRegion) ?? parseRegion(DEFAULT_REGION);
}

function readProxyCredential(environment: Environment, name: string): string {
  const value = variable(environment, name) ?? "";
  if (HIDDEN.test(value))
    throw new UsageError(`${name} contains a line break or another character that does not show.`);
  return encodeURIComponent(value);
}

function readUrl(environment: Environment, prefix: string): URL | undefined {
  const host = variable(environment, `${prefix}_HOST`);
  if (host === undefined) return undefined;
  const port = variable(environment, `${prefix}_PORT`);
  const protocol = variable(environment, `${prefix}_PROTOCOL`) ?? "https";
  if (protocol !== "https" && protocol !== "http") {
    throw new UsageError(`${prefix}_PROTOCOL must be "https" or "http", it is "${printable(protocol)}".`);
  }
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65535)) {
    throw new UsageError(`${prefix}_PORT must be a port from 1 to 65535, it is "${printable(port)}".`);
  }
  const bracketed = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
  const url = `${protocol}://${bracketed}${port ? `:${port}` : ""}`;
  if (!/^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+|[0-9a-fA-F:]+)$/.test(host) || !URL.canParse(url)) {
    throw new UsageError(
      `${prefix}_HOST must be a host name without protocol, port or path, it is "${printable(host)}".`,
    );
  }
  return new URL(url);
}
