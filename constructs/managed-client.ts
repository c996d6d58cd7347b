import type { Construct } from "constructs";
import { OauthClient } from "../.gen/providers/genesyscloud/oauth-client";
import type { SecureOAuthClientProps } from "./client-props";
import { markAsOwn } from "./leak-guard/own-client";

/** Adds a client whose secret the leak guard lets nobody expose. @param name in place of the props' own */
export function addManagedClient(
  scope: Construct,
  id: string,
  props: SecureOAuthClientProps,
  name = props.name,
): OauthClient {
  const client = new OauthClient(scope, id, {
    name,
    description: props.description,
    authorizedGrantType: props.grantType ?? "CLIENT-CREDENTIALS",
    roles: props.roles?.map(({ roleId, divisionId }) => ({ roleId, divisionId })),
    scopes: props.scopes && [...props.scopes],
    registeredRedirectUris: props.redirectUris && [...props.redirectUris],
    accessTokenValiditySeconds: props.accessTokenValidity?.toSeconds(),
    lifecycle: props.lifecycle,
    provider: props.provider,
  });
  markAsOwn(client);
  return client;
}
