import type { Pending } from "./json-frame";
import { isSecretShaped } from "./secret-shape";

/** What a pending value turned out to be. */
export interface Verdict {
  readonly what: string;
  readonly clientId?: string;
}

const OAUTH_CLIENT = "genesyscloud_oauth_client";
const CREDENTIAL = "genesyscloud_integration_credential";

/**
 * Judges a value by where it stands in a state, a plan or a configuration; undefined when that is no place for a
 * Genesys secret. An attribute of the provider's counts whatever its value looks like; an output counts when its value
 * has the shape of a secret and it is marked sensitive or named like one.
 */
export function judge(pending: Pending): Verdict | undefined {
  // A reference in a configuration, such as ${genesyscloud_oauth_client.orders.client_secret}.
  if (pending.value.includes("${")) return undefined;
  return resource(pending) ?? provider(pending) ?? output(pending);
}

function resource(pending: Pending): Verdict | undefined {
  const { path, clientId, ownId } = pending;
  const attribute = lastOf(path);
  if (attribute === "client_secret" && isOf(pending, OAUTH_CLIENT)) {
    return { what: `${addressIn(pending, OAUTH_CLIENT)}, client_secret`, clientId: clientId ?? ownId };
  }
  // Before version 0.12 of Terraform a map's entries were attributes of their own: "fields.clientSecret".
  if (/^(fields\.)?client_?secret$/i.test(attribute) && isOf(pending, CREDENTIAL)) {
    return { what: `${addressIn(pending, CREDENTIAL)}, clientSecret of its fields`, clientId };
  }
  return undefined;
}

function provider({ path, clientId }: Pending): Verdict | undefined {
  const isProvider = path.includes("provider") || path.includes("provider_config");
  if (!isProvider || !path.includes("oauthclient_secret")) return undefined;
  return { what: "provider genesyscloud, oauthclient_secret", clientId };
}

function output({ path, value, inOutputs, sensitive, output: name, clientId }: Pending): Verdict | undefined {
  if (!isSecretShaped(value) || !(inOutputs || sensitive !== undefined)) return undefined;
  const after = path.findIndex((part) => OUTPUTS.has(part)) + 1;
  const named = name ?? path[after] ?? "";
  const isNamed = [named, ...path.slice(after)].some((part) => /secret/i.test(part));
  return sensitive || isNamed ? { what: `output ${named}`, clientId } : undefined;
}

/** The objects that hold outputs, in states, plans and configurations. */
export const OUTPUTS: ReadonlySet<string> = new Set(["outputs", "output", "output_changes"]);

/** A resource says its type, or it stands under a name that does. */
function isOf({ type, path }: Pending, wanted: string): boolean {
  if (type !== undefined) return type === wanted;
  return path.some((part) => part === wanted || oldAddress(part)?.startsWith(`${wanted}.`));
}

function addressIn({ address, index, path }: Pending, type: string): string {
  if (address !== undefined && !/^genesyscloud_\w+$/.test(address)) {
    return index === undefined || address.endsWith("]") ? address : `${address}[${index}]`;
  }
  const old = path.map(oldAddress).find((part) => part?.startsWith(`${type}.`));
  if (old) return old;
  // cdk.tf.json: resource, type, name.
  const named = path[path.indexOf(type) + 1];
  return path.includes(type) && named !== undefined ? `${type}.${named}` : type;
}

/** "genesyscloud_oauth_client.orders", as states before version 4 name a resource; undefined for another name. */
function oldAddress(part: string): string | undefined {
  return /^(?:data\.)?(genesyscloud_\w+\.[\w.-]+)$/.exec(part)?.[1];
}

function lastOf(path: readonly string[]): string {
  // A plan's configuration wraps each value: {"constant_value": …}.
  return path.filter((part) => part !== "constant_value").at(-1) ?? "";
}
