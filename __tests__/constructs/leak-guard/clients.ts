import type { TerraformStack } from "cdktf";
import { OauthClient } from "../../../constructs";
import { template } from "../synth";
import { guarded, resource } from "./guarded";

/** A client of `withClients`, and one that for_each repeats. */
export const X = "genesyscloud_oauth_client.x";
export const MANY = "genesyscloud_oauth_client.many";

/** A stack with a guard and with clients, one of which is repeated, and one counted. */
export function withClients(): { stack: TerraformStack; client: OauthClient } {
  const stack = guarded();
  const client = new OauthClient(stack, "x", { name: "x", authorizedGrantType: "CLIENT-CREDENTIALS" });
  client.overrideLogicalId("x");
  resource(stack, "genesyscloud_oauth_client", "many", { for_each: template('toset(["a", "b"])') });
  resource(stack, "genesyscloud_oauth_client", "counted", { count: 2 });
  return { stack, client };
}
