import { blocksIn, isObject, type Json, type Keys } from "./document";
import type { Finding } from "./finding";

const PROVIDER = "genesyscloud";
const SOURCE = /(^|\/)mypurecloud\/genesyscloud$/;

const CREDENTIAL =
  "must not be set: it would stand in the synthesized JSON or, given by a variable, in the plan";

/** What to set instead, by attribute. */
const VARIABLES: Readonly<Record<string, string>> = {
  oauthclient_secret: "GENESYSCLOUD_OAUTHCLIENT_SECRET",
  access_token: "GENESYSCLOUD_ACCESS_TOKEN",
};

/** Credentials in the provider's configuration, and the switch that writes every request, secrets included, to a file. */
export function providerBlocks(document: Json): Finding[] {
  return blocksIn(document, ["provider", "*"])
    .filter(({ name }) => localNames(document).has(name))
    .flatMap(({ attributes, keys }) => credentialsIn(document, attributes, keys));
}

/** A stack may give the provider another name of its own. */
function localNames(document: Json): Set<string> {
  const required = blocksIn(document, ["terraform", "required_providers", "*"]);
  const renamed = required.filter(({ attributes }) => SOURCE.test(String(attributes.source)));
  return new Set([PROVIDER, ...renamed.map(({ name }) => name)]);
}

/** At any depth: gateway and proxy hold their passwords in blocks, which may be dynamic ones. */
function credentialsIn(document: Json, value: Json, keys: Keys): Finding[] {
  if (Array.isArray(value))
    return value.flatMap((item, index) => credentialsIn(document, item, [...keys, index]));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, item]) => {
    const below = [...keys, name];
    if (name === "sdk_debug" && !isOff(item)) {
      return [
        {
          keys: below,
          why: "must not be set: the provider would write every request and answer to sdk_debug.log, tokens and secrets included",
          instead: "Leave it out.",
        },
      ];
    }
    const variable = variableFor(name, below);
    if (variable === undefined || isOff(item)) return credentialsIn(document, item, below);
    if (isEphemeral(document, item)) return [];
    return [
      {
        keys: below,
        why: CREDENTIAL,
        instead: `Set ${variable} where Terraform runs. For one of several orgs take a variable that is ephemeral, which no plan keeps, and set TF_VAR_ and its name.`,
      },
    ];
  });
}

function variableFor(name: string, keys: Keys): string | undefined {
  if (name !== "password") return VARIABLES[name];
  return keys.includes("proxy") ? "GENESYSCLOUD_PROXY_AUTH_PASSWORD" : "GENESYSCLOUD_GATEWAY_AUTH_PASSWORD";
}

function isOff(value: Json): boolean {
  return value === undefined || value === null || value === false || value === "false" || value === "";
}

/** Terraform 1.10 and OpenTofu 1.11 keep the value of such a variable out of every plan and state. */
function isEphemeral(document: Json, value: Json): boolean {
  const name = /^\$\{\s*var\.([\w-]+)\s*\}$/.exec(String(value))?.[1];
  return (
    name !== undefined &&
    blocksIn(document, ["variable", name]).some(
      ({ attributes }) => attributes.ephemeral === true && isOff(attributes.default),
    )
  );
}
