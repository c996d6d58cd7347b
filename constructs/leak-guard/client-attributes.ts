import { type Json, resourcesOf } from "./document";
import type { Finding } from "./finding";

export const OAUTH_CLIENT = "genesyscloud_oauth_client";

/** Why each attribute through which a secret would leave the store is refused. */
export const FORBIDDEN_ATTRIBUTES: Readonly<Record<string, string>> = {
  client_secret: "it would put the secret into the synthesized JSON, the plan and the state",
  expose_client_secret: "it would write the secret to the Terraform state",
  directory_client_secret: "it would write the secret to a world-readable file",
  integration_credential_name:
    "any later change of the client would make the provider empty that credential's secret, and report success",
};

const INSTEAD =
  "Leave it out, and let SecureOAuthClient put the secret into a store; SecretStore.genesysCredential(id) is one.";

/**
 * Clients that are told to give their secret away.
 * @param isOwn whether a client is a SecureOAuthClient's: that has not even a harmless value, so that nobody wonders.
 */
export function clientAttributes(document: Json, isOwn: (client: string) => boolean): Finding[] {
  return resourcesOf(document, OAUTH_CLIENT).flatMap(({ keys, name: client, attributes }) =>
    Object.entries(FORBIDDEN_ATTRIBUTES)
      .filter(([name]) => Object.hasOwn(attributes, name))
      .filter(([name]) => !isOff(attributes[name]) || isOwn(client))
      .map(([name, reason]) => ({
        keys: [...keys, name],
        why: `must not be set, by an override either: ${reason}`,
        instead: INSTEAD,
        client,
      })),
  );
}

/** What the provider takes for "no": Terraform drops null, and turns "false" into false. */
function isOff(value: Json): boolean {
  return value === undefined || value === null || value === false || value === "false";
}
